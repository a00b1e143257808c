// must say: for_each() takes void(const V&) or void(const K&, const V&)
#include "program.h"

void wrong(Words& words) {
  words.for_each([](std::vector<int>) {});
}
