// must say: flat_map() takes a function of (const V&) or (const K&, const V&) that returns a range
// of KeyValue<K2, V2>
#include "program.h"

void wrong(Words& words) {
  words.flat_map([](const std::string& word) { return std::vector<std::string>{word}; });
}
