// must say: process_values() takes a processor of this stream's keys and values: derive it from
// FixedKeyProcessor<K, V, VOut>
#include "program.h"

struct OfNumbers : moldau::FixedKeyProcessor<std::string, int> {
  void process(const moldau::FixedKeyRecord<std::string, int>&) override {}
};

void wrong(Words& words) { words.process_values<OfNumbers>(); }
