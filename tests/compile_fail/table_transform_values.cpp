// must say: transform_values() takes a function that returns a new ValueTransformer at each call,
// by value or as a std::unique_ptr
#include "program.h"

void wrong(WordTable& words) {
  words.transform_values([](const std::string& word) { return word; });
}
