// must say: map_values() takes R(const V&) or R(const K&, const V&)
#include "program.h"

void wrong(Words& words) {
  words.map_values([](const std::string&) {});
}
