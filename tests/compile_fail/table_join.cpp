// must say: join() takes a joiner R(const V1&, const V2&) or R(const K&, const V1&, const V2&)
#include "program.h"

void wrong(WordTable& words, WordTable& others) {
  words.join(others, [](const std::string& word, int number) { return word.size() + number; });
}
