// must say: tables are joined by key, so their keys must be of one type; or say which key of the
// other table a row belongs to: join(other, foreign_key, joiner)
#include "program.h"

void wrong(WordTable& words, moldau::KTable<int, std::string>& others) {
  words.join(others, [](const std::string& a, const std::string& b) { return a + b; });
}
