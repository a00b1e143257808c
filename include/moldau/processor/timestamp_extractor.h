#pragma once

#include "moldau/base/timestamp.h"
#include "moldau/record/record.h"

#include <cstdint>
#include <functional>
#include <type_traits>
#include <utility>

namespace moldau::inline v0 {

// The four extractors of the reference. They use the timestamp that the record carries.
enum class TimestampPolicy : std::uint8_t {
  fail_on_invalid,     // a negative one stops the task. The default.
  log_and_skip,        // a negative one drops the record (counted); the offset moves on
  use_partition_time,  // a negative one is replaced by the partition time; fails while that is
                       // unknown
  wall_clock,          // the time of processing, whatever the record carries
};

// A function that tells the time of a record: see TimestampExtractor.
template <class F, class K, class V>
concept TimestampFunction = std::is_invocable_r_v < Timestamp,
        F&, const Record<K, V>
&, Timestamp > ;

// Where the time of a source's records comes from: a policy, or a function
// `Timestamp(const Record<K, V>& record, Timestamp partition_time)`, where record.timestamp() is
// the time the record carries and `partition_time` the highest time seen in that partition so far
// (Timestamp::unknown() before the first). A negative answer drops the record, counted. A function
// that throws stops the task.
template <class K, class V>
class TimestampExtractor {
 public:
  using Function = std::function<Timestamp(const Record<K, V>& record, Timestamp partition_time)>;

  // `default.timestamp.extractor` of the configuration.
  TimestampExtractor() = default;
  // NOLINTNEXTLINE(google-explicit-constructor): an option is written as its value.
  TimestampExtractor(TimestampPolicy policy) : policy_(policy), has_policy_(true) {}
  // NOLINTNEXTLINE(google-explicit-constructor): an option is written as its value.
  template <TimestampFunction<K, V> F>
  TimestampExtractor(F callable) : function_(std::move(callable)) {}

  [[nodiscard]] const Function& function() const noexcept { return function_; }
  [[nodiscard]] TimestampPolicy policy_or(TimestampPolicy fallback) const noexcept {
    return has_policy_ ? policy_ : fallback;
  }

 private:
  Function function_;
  TimestampPolicy policy_ = TimestampPolicy::fail_on_invalid;
  bool has_policy_ = false;
};

}  // namespace moldau::inline v0
