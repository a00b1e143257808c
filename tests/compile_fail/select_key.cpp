// must say: select_key() takes K2(const V&) or K2(const K&, const V&)
#include "program.h"

void wrong(Words& words) {
  words.select_key([] { return std::string{}; });
}
