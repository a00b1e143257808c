// must say: aggregate() takes an aggregator Agg(Agg, const V&) or Agg(Agg, const K&, const V&)
#include "program.h"

void wrong(GroupedWords& words) {
  words.aggregate([] { return 0; }, [](const std::string& total) { return total; });
}
