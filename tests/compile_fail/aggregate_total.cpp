// must say: the total of an aggregation must be default-constructible
#include "program.h"

void wrong(GroupedWords& words) {
  words.aggregate([] { return Town{"none"}; }, [](Town town, const std::string&) { return town; });
}
