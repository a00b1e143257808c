// must say: the keys and values of a topic must be default-constructible
#include "program.h"

void wrong(moldau::StreamsBuilder& builder) { builder.stream<std::string, Town>("towns"); }
