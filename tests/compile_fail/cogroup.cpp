// must say: cogroup() takes an aggregator Agg(Agg, const V&) or Agg(Agg, const K&, const V&)
#include "program.h"

void wrong(GroupedWords& words) {
  words.cogroup<int>([](const std::string& word) { return word; });
}
