// must say: keys and values that are read back from a topic or a store must be
// default-constructible
#include "program.h"

void wrong(Words& words) {
  words.map_values([](const std::string& word) { return Town{word}; }).repartition();
}
