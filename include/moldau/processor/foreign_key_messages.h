#pragma once

#include "moldau/base/bytes.h"
#include "moldau/base/ids.h"
#include "moldau/export.h"
#include "moldau/serde/serde.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

// What the two tables of a foreign-key join tell each other, through topics of the library's
// (interop.md section 7.2). The left table subscribes, for each of its rows, to a row of the
// foreign table; the foreign table answers, and answers again when its row changes. Keys and values
// stay the bytes they are in the topics: only the ends know their types.
namespace moldau::inline v0 {

namespace processor {

// Stands for a row of the left table. An answer carries the hash it was asked with, so that an
// answer to a row that has changed meanwhile is recognised.
using RowHash = std::array<std::byte, 16>;
[[nodiscard]] MOLDAU_EXPORT RowHash hash_of_row(Bytes value) noexcept;

// What the foreign side does with a subscription. The numbers are in the topic.
enum class SubscriptionInstruction : std::uint8_t {
  remove = 0,
  remove_and_answer = 1,  // that there is no foreign row
  answer = 2,             // remember it; answer, also that there is no foreign row
  answer_if_found = 3,    // remember it; answer only if there is a foreign row
};

// A row of the left table asks for a row of the foreign one, which is the key of the message; null
// if the row has no foreign key.
struct Subscription {
  static constexpr std::uint8_t latest_version = 1;

  std::uint8_t version = latest_version;  // 0: of releases before 3.4, without a partition
  SubscriptionInstruction instruction = SubscriptionInstruction::answer;
  std::optional<RowHash> hash = {};  // nullopt: the row is deleted
  ByteBuffer primary_key = {};
  std::optional<PartitionId> primary_partition = {};  // where the answer goes
};

// The answer; the key of the message is the primary key.
struct SubscriptionResponse {
  std::optional<RowHash> hash = {};  // of the subscription
  bool found = false;
  ByteBuffer foreign_value = {};                      // of no meaning unless found
  std::optional<PartitionId> primary_partition = {};  // for the sink only: not in the topic
};

// A subscription as a view of its bytes.
struct SubscriptionView {
  std::uint8_t version;
  SubscriptionInstruction instruction;
  std::optional<RowHash> hash;
  Bytes primary_key;
  std::optional<PartitionId> primary_partition;
};
// Throws SerdeError.
[[nodiscard]] MOLDAU_EXPORT SubscriptionView read_subscription(Bytes bytes);

}  // namespace processor

template <>
struct Serde<processor::Subscription> {
  MOLDAU_EXPORT static void serialize(const processor::Subscription& subscription, ByteBuffer& out);
  MOLDAU_EXPORT static void deserialize(Bytes bytes, processor::Subscription& subscription);
};

// A foreign value of no bytes is read back as none, as by the reference: the format cannot tell
// them apart.
template <>
struct Serde<processor::SubscriptionResponse> {
  MOLDAU_EXPORT static void serialize(const processor::SubscriptionResponse& response,
                                      ByteBuffer& out);
  MOLDAU_EXPORT static void deserialize(Bytes bytes, processor::SubscriptionResponse& response);
};

}  // namespace moldau::inline v0
