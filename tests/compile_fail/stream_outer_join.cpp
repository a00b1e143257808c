// must say: outer_join() takes a joiner R(const V1*, const V2*) or R(const K&, const V1*, const
// V2*)
#include "program.h"

void wrong(Words& words) {
  words.outer_join(
      words, [](const std::string& a, const std::string* b) { return a + *b; },
      moldau::JoinWindows{});
}
