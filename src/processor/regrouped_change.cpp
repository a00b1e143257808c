#include "moldau/processor/regrouped_change.h"

#include <array>
#include <cstdint>
#include <cstring>
#include <string>

namespace moldau::inline v0::processor {

namespace {

// The last byte says what comes before it. From `first_with_latest` on, the byte before it says
// whether the change is of the latest version: the reference reads that, but has never written it
// in a release. An aggregation does not ask for it.
constexpr std::byte only_before{0};
constexpr std::byte only_now{1};
constexpr std::byte both{2};
constexpr std::byte first_with_latest{3};
constexpr std::byte last_known{5};

[[noreturn]] void refuse(const std::string& why) {
  throw SerdeError(
      "these bytes are not the change of a regrouped table: " + why +
      ". Something other than this application, or one with another program, writes to the "
      "repartition topic");
}

// Kafka's varint: zig-zag, then seven bits a byte, the lowest first.
constexpr std::size_t longest_varint = 5;

std::size_t write_varint(std::int32_t value, std::array<std::byte, longest_varint>& out) {
  std::uint32_t bits =
      (static_cast<std::uint32_t>(value) << 1) ^ static_cast<std::uint32_t>(value >> 31);
  std::size_t size = 0;
  while (bits >= 0x80) {
    out[size++] = static_cast<std::byte>((bits & 0x7f) | 0x80);
    bits >>= 7;
  }
  out[size++] = static_cast<std::byte>(bits);
  return size;
}

// Takes a varint off the front of `bytes`.
std::int32_t read_varint(Bytes& bytes) {
  std::uint32_t bits = 0;
  for (std::size_t i = 0; i < longest_varint && i < bytes.size(); ++i) {
    const auto byte = std::to_integer<std::uint32_t>(bytes[i]);
    bits |= (byte & 0x7f) << (7 * i);
    if ((byte & 0x80) != 0) continue;
    bytes = bytes.without_first(i + 1);
    return static_cast<std::int32_t>(bits >> 1) ^ -static_cast<std::int32_t>(bits & 1);
  }
  refuse("the size of the new value is cut off");
}

void check_latest(std::byte latest) {
  if (latest > std::byte{1}) {
    refuse("the byte before the last one is " + std::to_string(std::to_integer<int>(latest)) +
           ", where 0 or 1 is expected");
  }
}

}  // namespace

void end_regrouped_now(ByteBuffer& out) { out.append(only_now); }

void end_regrouped_before(ByteBuffer& out) { out.append(only_before); }

void end_regrouped_both(ByteBuffer& out, std::size_t start, std::size_t now_size) {
  std::array<std::byte, longest_varint> size;
  const std::size_t size_of_size = write_varint(static_cast<std::int32_t>(now_size), size);
  const std::size_t values = out.size() - start;
  // The size comes first and is known last: values are moved rather than written twice.
  out.resize(start + size_of_size + values);
  std::memmove(out.data() + start + size_of_size, out.data() + start, values);
  std::memcpy(out.data() + start, size.data(), size_of_size);
  out.append(both);
}

RegroupedBytes parse_regrouped(Bytes bytes) {
  if (bytes.empty()) refuse("there are none");
  std::byte form = bytes[bytes.size() - 1];
  Bytes values = bytes.first(bytes.size() - 1);
  if (form > last_known) {
    refuse("the last one is " + std::to_string(std::to_integer<int>(form)) +
           ", where 0 to 5 is expected");
  }
  if (form >= first_with_latest) {
    if (values.empty()) refuse("there is only one");
    check_latest(values[values.size() - 1]);
    values = values.first(values.size() - 1);
    form = static_cast<std::byte>(std::to_integer<int>(form) -
                                  std::to_integer<int>(first_with_latest));
  }
  if (form == only_before) return {.now = std::nullopt, .before = values};
  if (form == only_now) return {.now = values, .before = std::nullopt};
  const std::int32_t size = read_varint(values);
  if (size < 0 || static_cast<std::size_t>(size) > values.size()) {
    refuse("the new value should have " + std::to_string(size) + " bytes, but there are only " +
           std::to_string(values.size()));
  }
  const auto now_size = static_cast<std::size_t>(size);
  return {.now = values.first(now_size), .before = values.without_first(now_size)};
}

}  // namespace moldau::inline v0::processor
