// must say: a join on a foreign key takes KO(const V&) or KO(const K&, const V&), where KO, or
// std::optional<KO>, is the type of the other table's keys
#include "program.h"

void wrong(WordTable& words, WordTable& others) {
  words.join(
      others, [](const std::string& word) { return word.size(); },
      [](const std::string& a, const std::string& b) { return a + b; });
}
