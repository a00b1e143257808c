// What the two sides of a foreign-key join tell each other.

#include "moldau/processor/foreign_key_messages.h"

#include "moldau/base/error.h"

#include "fuzz/target.h"

namespace moldau::fuzz {

namespace {

template <class Message>
void read_and_write(Bytes bytes) {
  Message message;
  if (!understood<SerdeError>(bytes, [&] { Serde<Message>::deserialize(bytes, message); })) return;
  ByteBuffer written;
  Serde<Message>::serialize(message, written);
  require(written.bytes() == bytes, "a message is written as it was read");
}

}  // namespace

void run(Bytes input) {
  Choices choices{input};
  if (choices.one_of(2) == 0) {
    read_and_write<processor::Subscription>(choices.rest());
  } else {
    read_and_write<processor::SubscriptionResponse>(choices.rest());
  }
}

}  // namespace moldau::fuzz
