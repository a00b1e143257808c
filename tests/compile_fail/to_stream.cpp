// must say: to_stream() takes K2(const V*) or K2(const K&, const V*)
#include "program.h"

void wrong(WordTable& words) {
  words.to_stream([](int number) { return number; });
}
