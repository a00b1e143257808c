#include "runtime/transaction_size.h"

#include <algorithm>

namespace moldau::inline v0::runtime {

void TransactionSize::committed(std::size_t bytes, std::chrono::nanoseconds took) noexcept {
  if (bytes < limit_ || took > in_time_ / 4) return;
  limit_ = limit_ > most_ / 2 ? most_ : limit_ * 2;
}

std::optional<std::size_t> TransactionSize::given_up(std::size_t bytes,
                                                     std::chrono::nanoseconds after) noexcept {
  if (after < in_time_ / 2) return std::nullopt;
  // By more than half: until it fits, each attempt takes its whole time.
  limit_ = std::max(least, std::min(limit_, bytes) / 4);
  return limit_;
}

}  // namespace moldau::inline v0::runtime
