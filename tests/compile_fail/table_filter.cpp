// must say: filter() of a table takes bool(const V&) or bool(const K&, const V&)
#include "program.h"

void wrong(WordTable& words) {
  words.filter([](int number) { return number > 0; });
}
