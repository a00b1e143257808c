// must say: a processor without a default constructor is made by a function: pass that instead of
// the processor's type
#include "program.h"

struct Needs : moldau::Processor<std::string, std::string> {
  explicit Needs(int) {}
  void process(const moldau::Record<std::string, std::string>&) override {}
};

void wrong(Words& words) { words.process<Needs>(); }
