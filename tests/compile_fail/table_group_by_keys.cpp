// must say: the keys that group_by() of a table makes must be comparable with ==
#include "program.h"

struct Unlike {};
template <>
struct moldau::Serde<Unlike> {
  static void serialize(const Unlike& value, moldau::ByteBuffer& out);
  static void deserialize(moldau::Bytes bytes, Unlike& value);
};

void wrong(WordTable& table) {
  table.group_by([](const std::string& value) { return moldau::KeyValue{Unlike{}, value}; });
}
