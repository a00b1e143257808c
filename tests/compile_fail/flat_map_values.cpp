// must say: flat_map_values() takes a function of (const V&) or (const K&, const V&) that returns a
// range of values
#include "program.h"

void wrong(Words& words) {
  words.flat_map_values([](const std::string& word) { return word.size(); });
}
