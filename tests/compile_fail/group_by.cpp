// must say: group_by() takes K2(const V&) or K2(const K&, const V&)
#include "program.h"

void wrong(Words& words) {
  words.group_by([](int number) { return number; });
}
