#include "moldau/processor/foreign_key_messages.h"

#include "moldau/base/big_endian.h"
#include "moldau/base/error.h"

#include "base/murmur3.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace moldau::inline v0 {

namespace processor {

namespace {

constexpr std::uint32_t hash_seed = 104729;
// The high bit of the first byte; the others are the version.
constexpr std::byte no_hash{0x80};
constexpr std::size_t partition_size = sizeof(std::int32_t);

void append_head(std::uint8_t version, const std::optional<RowHash>& hash, ByteBuffer& out) {
  const std::byte head{version};
  out.append(hash ? head : head | no_hash);
}

void append_hash(const std::optional<RowHash>& hash, ByteBuffer& out) {
  if (hash) out.append(Bytes{hash->data(), hash->size()});
}

// Takes a message apart from its front.
class Reader {
 public:
  Reader(std::string_view what, Bytes bytes) : what_(what), size_(bytes.size()), rest_(bytes) {}

  Bytes take(std::size_t count) {
    if (rest_.size() < count) {
      fail("it ends in the middle, after " + std::to_string(size_) + " bytes");
    }
    const Bytes taken = rest_.first(count);
    rest_ = rest_.without_first(count);
    return taken;
  }

  std::uint8_t take_byte() { return std::to_integer<std::uint8_t>(take(1)[0]); }

  RowHash take_hash() {
    RowHash hash;
    std::ranges::copy_n(take(hash.size()).data(), hash.size(), hash.begin());
    return hash;
  }

  [[nodiscard]] Bytes rest() const noexcept { return rest_; }

  [[noreturn]] void fail(const std::string& why) const {
    throw SerdeError(
        "not a " + std::string{what_} + " of a foreign-key join: " + why +
        ". Does something other than this application write to the join's internal topics?");
  }

 private:
  std::string_view what_;
  std::size_t size_;
  Bytes rest_;
};

struct Head {
  std::uint8_t version;
  bool has_hash;
};

Head take_head(Reader& reader, std::uint8_t latest_version) {
  const std::byte head{reader.take_byte()};
  const auto version = std::to_integer<std::uint8_t>(head & ~no_hash);
  if (version > latest_version) {
    reader.fail("it has version " + std::to_string(version) +
                ", this library reads versions up to " + std::to_string(latest_version));
  }
  return {version, (head & no_hash) == std::byte{0}};
}

}  // namespace

RowHash hash_of_row(Bytes value) noexcept {
  const Hash128 hash = murmur3_128(value, hash_seed);
  RowHash bytes;
  store_big_endian(hash.first, bytes.data());
  store_big_endian(hash.second, bytes.data() + sizeof(hash.first));
  return bytes;
}

SubscriptionView read_subscription(Bytes bytes) {
  Reader reader{"subscription", bytes};
  const Head head = take_head(reader, Subscription::latest_version);
  SubscriptionView view{.version = head.version,
                        .instruction = {},
                        .hash = {},
                        .primary_key = {},
                        .primary_partition = {}};
  const std::uint8_t instruction = reader.take_byte();
  if (instruction > static_cast<std::uint8_t>(SubscriptionInstruction::answer_if_found)) {
    reader.fail("it has the unknown instruction " + std::to_string(instruction));
  }
  view.instruction = static_cast<SubscriptionInstruction>(instruction);
  if (head.has_hash) view.hash = reader.take_hash();
  if (head.version == 0) {
    view.primary_key = reader.rest();
    return view;
  }
  if (reader.rest().size() < partition_size) reader.fail("it has no partition");
  view.primary_key = reader.take(reader.rest().size() - partition_size);
  view.primary_partition = PartitionId{load_big_endian<std::int32_t>(reader.rest().data())};
  return view;
}

}  // namespace processor

void Serde<processor::Subscription>::serialize(const processor::Subscription& subscription,
                                               ByteBuffer& out) {
  processor::append_head(subscription.version, subscription.hash, out);
  out.append(static_cast<std::byte>(subscription.instruction));
  processor::append_hash(subscription.hash, out);
  out.append(subscription.primary_key);
  if (subscription.version > 0) {
    append_big_endian(out, subscription.primary_partition.value_or(PartitionId{0}).value());
  }
}

void Serde<processor::Subscription>::deserialize(Bytes bytes,
                                                 processor::Subscription& subscription) {
  const processor::SubscriptionView view = processor::read_subscription(bytes);
  subscription.version = view.version;
  subscription.instruction = view.instruction;
  subscription.hash = view.hash;
  subscription.primary_key.assign(view.primary_key);
  subscription.primary_partition = view.primary_partition;
}

void Serde<processor::SubscriptionResponse>::serialize(
    const processor::SubscriptionResponse& response, ByteBuffer& out) {
  processor::append_head(0, response.hash, out);
  processor::append_hash(response.hash, out);
  if (response.found) out.append(response.foreign_value);
}

void Serde<processor::SubscriptionResponse>::deserialize(
    Bytes bytes, processor::SubscriptionResponse& response) {
  processor::Reader reader{"response", bytes};
  const processor::Head head = processor::take_head(reader, 0);
  response.hash.reset();
  if (head.has_hash) response.hash = reader.take_hash();
  response.found = !reader.rest().empty();
  response.foreign_value.assign(reader.rest());
  response.primary_partition.reset();
}

}  // namespace moldau::inline v0
