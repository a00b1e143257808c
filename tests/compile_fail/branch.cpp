// must say: branch() takes bool(const V&) or bool(const K&, const V&)
#include "program.h"

void wrong(Words& words) {
  words.split().branch([](int number) { return number > 0; }).no_default_branch();
}
