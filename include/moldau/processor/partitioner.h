#pragma once

#include "moldau/base/ids.h"
#include "moldau/record/record.h"

#include <cstdint>
#include <functional>
#include <string_view>
#include <utility>
#include <vector>

namespace moldau::inline v0 {

// Where a partitioner sends one record.
class Partitioning {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor): a partitioner returns its partition.
  Partitioning(PartitionId partition) noexcept : kind_(Kind::one), one_(partition) {}

  // No opinion: murmur2 of the key bytes, any partition for a null key, as Kafka's Java producer.
  [[nodiscard]] static Partitioning by_key() noexcept { return Partitioning{Kind::by_key}; }
  // Nowhere: the record is left out and counted as dropped.
  [[nodiscard]] static Partitioning nowhere() noexcept { return Partitioning{Kind::several}; }
  // A copy to each, in that order. None: as nowhere().
  [[nodiscard]] static Partitioning to_each(std::vector<PartitionId> partitions) {
    Partitioning result{Kind::several};
    result.several_ = std::move(partitions);
    return result;
  }

  [[nodiscard]] bool is_by_key() const noexcept { return kind_ == Kind::by_key; }
  // REQUIRES: !is_by_key().
  [[nodiscard]] const PartitionId* begin() const noexcept {
    return kind_ == Kind::one ? &one_ : several_.data();
  }
  [[nodiscard]] const PartitionId* end() const noexcept {
    return kind_ == Kind::one ? &one_ + 1 : several_.data() + several_.size();
  }

 private:
  enum class Kind : std::uint8_t { by_key, one, several };
  explicit Partitioning(Kind kind) noexcept : kind_(kind) {}

  Kind kind_;
  PartitionId one_;
  std::vector<PartitionId> several_;
};

// Chooses the partitions of a record on its way to `topic`, which has `partitions` of them. Runs on
// the stream thread.
template <class K, class V>
using Partitioner = std::function<Partitioning(const Record<K, V>& record, std::string_view topic,
                                               std::int32_t partitions)>;

}  // namespace moldau::inline v0
