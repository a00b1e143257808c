#pragma once

#include "moldau/record/record.h"

#include <functional>

namespace moldau::inline v0::processor {

// A fold (nodes/aggregate.h, session_fold.h) of one input of a cogroup. Its callables have lost
// their types: what starts a total is only known after all inputs have been named, and is the same
// for all of them.
template <class K, class V, class Agg>
class CogroupFold {
 public:
  using Total = Agg;
  static constexpr bool starts_with_first_value = false;

  using Start = std::function<void(Agg& total)>;
  using Next = std::function<bool(const Record<K, V>& record, Agg& total)>;
  using Merge = std::function<bool(const K& key, Agg& total, const Agg& other)>;

  // `merge`: of sessions.
  CogroupFold(Start start, Next next, Merge merge)
      : start_(std::move(start)), next_(std::move(next)), merge_(std::move(merge)) {}

  void start(const Record<K, V>& /*record*/, Agg& total) { start_(total); }
  bool next(const Record<K, V>& record, Agg& total) { return next_(record, total); }
  bool merge(const K& key, Agg& total, const Agg& other) { return merge_(key, total, other); }

 private:
  Start start_;
  Next next_;
  Merge merge_;
};

}  // namespace moldau::inline v0::processor
