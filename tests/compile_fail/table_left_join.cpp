// must say: left_join() takes a joiner R(const V1&, const V2*) or R(const K&, const V1&, const V2*)
#include "program.h"

void wrong(WordTable& words, WordTable& others) {
  words.left_join(others, [](const std::string& a, const std::string& b) { return a + b; });
}
