// must say: the keys and values that group_by() of a table makes must be default-constructible
#include "program.h"

void wrong(WordTable& table) {
  table.group_by([](const std::string& value) { return moldau::KeyValue{value, Town{value}}; });
}
