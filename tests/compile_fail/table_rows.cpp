// must say: the rows of a table must be default-constructible
#include "program.h"

void wrong(WordTable& words) {
  words.map_values([](const std::string& word) { return Town{word}; });
}
