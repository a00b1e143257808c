// must say: process() takes a processor of this stream's keys and values: derive it from
// Processor<K, V, KOut, VOut>
#include "program.h"

struct OfNumbers : moldau::Processor<std::string, int> {
  void process(const moldau::Record<std::string, int>&) override {}
};

void wrong(Words& words) { words.process<OfNumbers>(); }
