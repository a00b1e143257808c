// must say: group_by() of a table takes KeyValue<K2, V2>(const V&) or KeyValue<K2, V2>(const K&,
// const V&)
#include "program.h"

void wrong(WordTable& table) {
  table.group_by([](const std::string& value) { return value; });
}
