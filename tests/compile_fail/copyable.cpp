// must say: callables must be copyable: each task works with its own copy
#include "program.h"

void wrong(Words& words) {
  words.filter([limit = std::make_unique<int>(3)](const std::string&) { return *limit > 0; });
}
