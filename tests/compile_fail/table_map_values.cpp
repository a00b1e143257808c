// must say: map_values() of a table takes R(const V&) or R(const K&, const V&)
#include "program.h"

void wrong(WordTable& words) {
  words.map_values([](const std::string&) {});
}
