// must say: join() takes a joiner R(const V1&, const V2&) or R(const K&, const V1&, const V2&)
#include "program.h"

void wrong(Words& words) {
  words.join(
      words, [](int a, int b) { return a + b; }, moldau::JoinWindows{});
}
