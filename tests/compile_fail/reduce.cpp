// must say: reduce() takes V(V, const V&) or V(V, const K&, const V&)
#include "program.h"

void wrong(GroupedWords& words) {
  words.reduce([](std::string, const std::string& word) { return word.size() > 3; });
}
