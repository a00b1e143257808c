#pragma once

#include "moldau/processor/callables.h"
#include "moldau/processor/nodes/aggregate.h"

#include <concepts>
#include <cstdint>
#include <optional>
#include <utility>

// A fold (nodes/aggregate.h) that can also merge() the totals of two sessions: moves `total`, the
// earlier one, on by `other`, or says false to delete it.
namespace moldau::inline v0 {

namespace processor {

// What a merger returns for a total, another one and, if it takes it first, their key.
template <class F, class K, class Total>
consteval auto find_merged() {
  if constexpr (CallableWith<F, Total, const Total&>) {
    return std::type_identity<decltype(std::declval<F&>()(std::declval<Total>(),
                                                          std::declval<const Total&>()))>{};
  } else if constexpr (CallableWith<F, const K&, Total, const Total&>) {
    return std::type_identity<decltype(std::declval<F&>()(
        std::declval<const K&>(), std::declval<Total>(), std::declval<const Total&>()))>{};
  } else {
    return std::type_identity<Unbound>{};
  }
}
template <class F, class K, class Total>
using MergedBy = typename decltype(find_merged<F, K, Total>())::type;

}  // namespace processor

// aggregate() over sessions: the total of two that a record has brought together.
template <class F, class K, class Total>
concept Merger = std::convertible_to<processor::MergedBy<F, K, Total>, Total> ||
    std::convertible_to<processor::MergedBy<F, K, Total>, std::optional<Total>>;

namespace processor {

// Makes `result` the total. False if it is an empty optional.
template <class R, class Total>
bool take_total(R&& result, Total& total) {
  if constexpr (std::convertible_to<R, Total>) {
    total = std::forward<R>(result);
    return true;
  } else {
    if (!result) return false;
    total = *std::forward<R>(result);
    return true;
  }
}

// Calls a merger. False if it says to delete the total.
template <class M, class K, class Total>
bool merge_with(M& merger, const K& key, Total& total, const Total& other) {
  if constexpr (CallableWith<M, Total, const Total&>) {
    return take_total(merger(std::move(total), other), total);
  } else {
    return take_total(merger(key, std::move(total), other), total);
  }
}

class SessionCountFold : public CountFold {
 public:
  template <class K>
  static bool merge(const K& /*key*/, std::int64_t& total, const std::int64_t& other) {
    total += other;
    return true;
  }
};

// The reducer also merges: the later session's total is its value.
template <class V, class F>
class SessionReduceFold {
 public:
  using Total = V;
  static constexpr bool starts_with_first_value = true;

  explicit SessionReduceFold(F reducer) : reducer_(std::move(reducer)) {}

  template <class K>
  void start(const Record<K, V>& record, Total& total) {
    total = record.value();
  }
  template <class K>
  bool next(const Record<K, V>& record, Total& total) {
    return fold_with(reducer_, record, total);
  }
  template <class K>
  bool merge(const K& key, Total& total, const Total& other) {
    return take_total(call<K, V>(reducer_, &key, &other, std::move(total)), total);
  }

 private:
  F reducer_;
};

template <class Agg, class I, class F, class M>
class SessionAggregateFold : public AggregateFold<Agg, I, F> {
 public:
  SessionAggregateFold(I initializer, F aggregator, M merger)
      : AggregateFold<Agg, I, F>(std::move(initializer), std::move(aggregator)),
        merger_(std::move(merger)) {}

  template <class K>
  bool merge(const K& key, Agg& total, const Agg& other) {
    return merge_with(merger_, key, total, other);
  }

 private:
  M merger_;
};

}  // namespace processor

}  // namespace moldau::inline v0
