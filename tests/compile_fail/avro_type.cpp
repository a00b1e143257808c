// must say: no Avro type is known for this C++ type: specialise moldau::AvroRecord or
// moldau::AvroEnum for it
#include "moldau/serde/avro.h"

struct Town {};

void wrong(std::shared_ptr<moldau::SchemaRegistry> registry) {
  static_cast<void>(moldau::avro_serde<Town>(registry, {.topic = "towns"}));
}
