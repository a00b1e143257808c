#pragma once

#include "moldau/base/bytes.h"
#include "moldau/base/timestamp.h"
#include "moldau/export.h"
#include "moldau/processor/row_format.h"
#include "moldau/state/window_rows.h"

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace moldau::inline v0::processor {

// What a record does to the sliding windows of its key, without knowing what the rows mean.
//
// Windows of a key exist where the set of records within `difference` changes: one ends at each
// record (its left window), one starts right behind it (its right window), if there is anything in
// it. A record belongs to every window around it, and may make three come to exist: its left one,
// its right one, and the right one of the record before it.
//
// Keeps its buffers. Owned by one node.
class MOLDAU_EXPORT SlidingPlan {
 public:
  // One row to write.
  struct Step {
    Timestamp start;
    // True: the record is added to what the row is based on. False: the row is taken over.
    bool adds_record = true;
    bool is_new = true;
    // Where in the plan's memory the row lies that this one is based on; nullopt: on none. A
    // new window may be based on the row of another one.
    struct Base {
      std::size_t at;
      std::size_t size;
      Timestamp time;
    };
    std::optional<Base> base = {};
  };

  explicit SlidingPlan(std::chrono::milliseconds difference) : difference_(difference) {}

  // The steps for a record of `key` at `time`, in the order in which the reference takes them.
  // Valid until the next call.
  [[nodiscard]] std::span<const Step> make(state::WindowRows& rows, Bytes key, Timestamp time);

  // The row as its store keeps it. REQUIRES: of the last make().
  [[nodiscard]] Bytes row(const Step::Base& base) const {
    return memory_.bytes().without_first(base.at).first(base.size);
  }

 private:
  // A window that existed before the record came.
  struct Found {
    Timestamp start;
    Step::Base row;
  };

  void plan_early(state::WindowRows& rows, Bytes key, Timestamp time);
  void plan(state::WindowRows& rows, Bytes key, Timestamp time);
  void add_right_window(Timestamp time, const std::optional<Step::Base>& base);

  Found& remember(const state::WindowIterator& row);
  [[nodiscard]] bool exists(Timestamp start) const;
  [[nodiscard]] Timestamp end_of(Timestamp start) const {
    return saturating_add(start, difference_);
  }

  std::chrono::milliseconds difference_;
  RowFormat format_;
  std::vector<Found> found_;
  std::vector<Step> steps_;
  ByteBuffer memory_;
};

}  // namespace moldau::inline v0::processor
