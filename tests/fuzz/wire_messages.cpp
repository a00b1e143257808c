// Messages and frames of the Kafka protocol, those of brokers and those of clients.

#include "fuzz/target.h"
#include "kafka/wire/codec.h"
#include "kafka/wire/decode_error.h"
#include "kafka/wire/frame.h"
#include "kafka/wire/messages.h"
#include "kafka_wire/example_messages.h"

#include <tuple>

namespace moldau::fuzz {

using namespace kafka::wire;

namespace {

template <class Message>
void read_and_write(Bytes bytes) {
  // A member of a group is two dozen fields, which may take a byte each.
  const MemoryBound bound{.per_byte = 64};
  Message message;
  if (!understood<DecodeError>(
          bytes, [&] { message = decode<Message>(bytes); }, bound))
    return;
  ByteBuffer written;
  encode(message, written);
  require(decode<Message>(written) == message, "a message is read as it was written");
}

void read_response_frame(Bytes bytes, std::int16_t version) {
  ResponseFrame frame{};
  if (!understood<DecodeError>(bytes, [&] { frame = split_response(bytes, version); })) return;
  ByteBuffer written;
  append_response_header(frame.correlation_id, version, written);
  written.append(frame.body);
  const ResponseFrame again = split_response(written, version);
  require(again.correlation_id == frame.correlation_id && again.body == frame.body,
          "a response frame is read as it was written");
}

void read_request_frame(Bytes bytes) {
  RequestFrame frame{};
  if (!understood<DecodeError>(bytes, [&] { frame = split_request(bytes); })) return;
  ByteBuffer written;
  append_request_header(frame.header, written);
  written.append(frame.body);
  const RequestFrame again = split_request(written);
  require(again.header == frame.header && again.body == frame.body,
          "a request frame is read as it was written");
}

}  // namespace

void run(Bytes input) {
  static const auto examples = example_messages();
  constexpr std::size_t messages = std::tuple_size_v<decltype(example_messages())>;
  Choices choices{input};
  const std::size_t choice = choices.one_of(messages + 3);
  const Bytes bytes = choices.rest();
  if (choice == messages) return read_response_frame(bytes, 0);
  if (choice == messages + 1) return read_response_frame(bytes, 1);
  if (choice == messages + 2) return read_request_frame(bytes);
  std::apply(
      [&](const auto&... message) {
        std::size_t index = 0;
        ((index++ == choice ? read_and_write<std::decay_t<decltype(message)>>(bytes) : void()),
         ...);
      },
      examples);
}

}  // namespace moldau::fuzz
