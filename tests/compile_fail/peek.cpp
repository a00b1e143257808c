// must say: peek() takes void(const V&) or void(const K&, const V&)
#include "program.h"

void wrong(Words& words) {
  words.peek([](const std::string&, const std::string&, int) {});
}
