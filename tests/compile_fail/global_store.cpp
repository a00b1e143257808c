// must say: add_global_store() takes a function that returns a new Processor at each call, by value
// or as a std::unique_ptr
#include "program.h"

void wrong(moldau::StreamsBuilder& builder) {
  builder.add_global_store("store", "topic", [] { return 1; });
}
