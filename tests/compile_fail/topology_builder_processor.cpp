// must say: a processor is made by a function that returns a new Processor or FixedKeyProcessor at
// each call, by value or as a std::unique_ptr
#include "program.h"

void wrong(moldau::TopologyBuilder& builder) {
  builder.add_processor("name", [] { return 1; }, {"parent"});
}
