#pragma once

#include <chrono>
#include <cstddef>
#include <optional>

namespace moldau::inline v0::runtime {

// How much may be sent between two commits, so that the broker can take it in time. A broker that
// throttles, or is slow, would otherwise be sent the same too much again and again. Shrinks at once
// and grows back slowly. Values only: it is told the time.
class TransactionSize {
 public:
  // `most`: at the beginning, and never more. `in_time`: how long after the first of it was sent
  // everything has to be delivered.
  TransactionSize(std::size_t most, std::chrono::milliseconds in_time)
      : most_(most), limit_(most), in_time_(in_time) {}

  // Bytes after which no further record is processed before a commit.
  [[nodiscard]] std::size_t limit() const noexcept { return limit_; }

  // So much was committed, so long after the first of it was sent.
  void committed(std::size_t bytes, std::chrono::nanoseconds took) noexcept;
  // So much was given up, so long after. The new limit, if time was what it lacked.
  std::optional<std::size_t> given_up(std::size_t bytes, std::chrono::nanoseconds after) noexcept;

 private:
  // A record or two must always fit.
  static constexpr std::size_t least = 16 * 1024;

  std::size_t most_;
  std::size_t limit_;
  std::chrono::milliseconds in_time_;
};

}  // namespace moldau::inline v0::runtime
