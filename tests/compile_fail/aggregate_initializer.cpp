// must say: aggregate() takes an initializer Agg() first
#include "program.h"

void wrong(GroupedWords& words) {
  words.aggregate([](int start) { return start; },
                  [](int total, const std::string&) { return total + 1; });
}
