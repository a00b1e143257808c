// must say: add_sink() takes the name of a topic, or a function of (const V&), (const K&, const V&)
// or (const Record<K, V>&, const RecordMetadata&) that returns one
#include "program.h"

void wrong(moldau::TopologyBuilder& builder) {
  builder.add_sink<std::string, std::string>("name", [](int) { return "topic"; }, {"parent"});
}
