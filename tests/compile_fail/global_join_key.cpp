// must say: join() with a global table takes KG(const V&) or KG(const K&, const V&), which returns
// a key of the table
#include "program.h"

void wrong(Words& words, moldau::GlobalKTable<std::string, std::string>& table) {
  words.join(
      table, [](const std::string& v) { return v.size(); },
      [](const std::string& a, const std::string& b) { return a + b; });
}
