// must say: process() takes a Processor, or a function that returns a new one at each call, by
// value or as a std::unique_ptr
#include "program.h"

void wrong(Words& words) {
  words.process([] { return std::string{}; });
}
