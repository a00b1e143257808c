// must say: aggregate() of a cogroup takes an initializer Agg()
#include "program.h"

void wrong(GroupedWords& words) {
  words.cogroup<int>([](int total, const std::string&) { return total + 1; }).aggregate([] {
    return std::string{"none"};
  });
}
