// must say: map() takes KeyValue<K2, V2>(const V&) or KeyValue<K2, V2>(const K&, const V&)
#include "program.h"

void wrong(Words& words) {
  words.map([](const std::string& word) { return word; });
}
