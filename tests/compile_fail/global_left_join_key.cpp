// must say: left_join() with a global table takes KG(const V&) or KG(const K&, const V&), which
// returns a key of the table
#include "program.h"

void wrong(Words& words, moldau::GlobalKTable<std::string, std::string>& table) {
  words.left_join(
      table, [](const std::string&) {},
      [](const std::string& a, const std::string* b) { return b != nullptr ? a + *b : a; });
}
