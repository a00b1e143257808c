#pragma once

#include "moldau/kafka/values.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace benchmarks {

// The records of one partition as a consumer hands them over: keys of 8 bytes drawn from `keys`,
// values of 100 bytes.
class Input {
 public:
  explicit Input(std::int64_t keys);

  // The next `count` records, appended. Their bytes are this object's.
  void append(std::size_t count, std::vector<moldau::kafka::FetchedRecord>& into);
  // Likewise, a record of each key: the same at each call.
  void append_each_key(std::vector<moldau::kafka::FetchedRecord>& into) const;

 private:
  using Key = std::array<std::byte, 8>;

  void append(const Key& key, moldau::Offset offset,
              std::vector<moldau::kafka::FetchedRecord>& into) const;

  std::vector<Key> keys_;
  std::array<std::byte, 100> value_;
  std::uint64_t random_ = 88'172'645'463'325'252;
  moldau::Offset next_{0};
};

}  // namespace benchmarks
