// must say: filter() takes bool(const V&) or bool(const K&, const V&)
#include "program.h"

void wrong(Words& words) {
  words.filter([](int number) { return number > 0; });
}
