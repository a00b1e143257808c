// must say: process_values() takes a FixedKeyProcessor, or a function that returns a new one at
// each call, by value or as a std::unique_ptr
#include "program.h"

struct Free : moldau::Processor<std::string, std::string> {
  void process(const moldau::Record<std::string, std::string>&) override {}
};

void wrong(Words& words) { words.process_values<Free>(); }
