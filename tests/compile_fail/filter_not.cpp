// must say: filter_not() takes bool(const V&) or bool(const K&, const V&)
#include "program.h"

void wrong(Words& words) {
  words.filter_not([](const std::string& word) { return word; });
}
