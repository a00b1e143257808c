#include "moldau/processor/session_merge.h"

#include <algorithm>
#include <memory>

namespace moldau::inline v0::processor {

void SessionMerge::find(state::SessionRows& rows, Bytes key, Timestamp time,
                        std::optional<Timestamp> closed) {
  found_.clear();
  memory_.clear();
  merged_ = {.start = time, .end = time};
  const Timestamp earliest_end = std::max(Timestamp{0}, time - gap_);
  for (auto row =
           rows.find(key, earliest_end, saturating_add(time, gap_), state::Direction::forward);
       row->valid(); row->next()) {
    if (closed && row->end() < *closed) continue;
    const Bytes value = row->value();
    found_.push_back({.session = {.start = row->start(), .end = row->end()},
                      .at = memory_.size(),
                      .size = value.size()});
    memory_.append(value);
    merged_.start = std::min(merged_.start, row->start());
    merged_.end = std::max(merged_.end, row->end());
  }
}

}  // namespace moldau::inline v0::processor
