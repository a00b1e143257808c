#pragma once

#include "moldau/base/big_endian.h"
#include "moldau/base/bytes.h"
#include "moldau/state/store_spec.h"

#include <algorithm>
#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace moldau::state {

// What a window or session store should do, said as naively as possible. Times are plain numbers.
// A row is a key, the time that decides about its age (start of a window, end of a session) and
// what else tells it apart (sequence number, start of the session).
struct ModelRow {
  std::string key;
  std::int64_t time = 0;
  std::int64_t tail = 0;

  friend auto operator<=>(const ModelRow&, const ModelRow&) = default;
};

using ModelRows = std::vector<std::pair<ModelRow, std::string>>;

class SegmentedModel {
 public:
  SegmentedModel(const StoreSpec& spec, std::int64_t interval)
      : sessions_(spec.kind == StoreKind::session),
        on_disk_(spec.type == StoreType::rocksdb),
        late_windows_(on_disk_ && !sessions_ && spec.time_index),
        kept_for_((spec.retention + spec.linger).count()),
        interval_(interval) {}

  // False: refused, and counted.
  bool put(const ModelRow& row, const std::optional<std::string>& value) {
    time_ = std::max(time_, row.time);
    const bool late =
        on_disk_ ? segment(row.time) < segment(time_ - kept_for_) : row.time <= time_ - kept_for_;
    if (late) return false;
    if (value) {
      rows_[row] = *value;
    } else {
      rows_.erase(row);
    }
    return true;
  }

  [[nodiscard]] std::optional<std::string> get(const ModelRow& row) const {
    const auto found = rows_.find(row);
    if (found == rows_.end() || !visible(row.time)) return std::nullopt;
    return found->second;
  }

  // In the order of a scan.
  template <class Wanted>
  [[nodiscard]] ModelRows rows(const Wanted& wanted) const {
    ModelRows found;
    for (const auto& [row, value] : rows_) {
      if (visible(row.time) && wanted(row)) found.emplace_back(row, value);
    }
    return found;
  }

  // What the index by time shows.
  template <class Wanted>
  [[nodiscard]] ModelRows indexed(const Wanted& wanted) const {
    ModelRows found;
    const bool whole_segments = sessions_ && on_disk_;
    for (const auto& [row, value] : rows_) {
      const bool shown =
          whole_segments ? segment(row.time) >= segment(time_ - kept_for_) : visible(row.time);
      if (shown && wanted(row)) found.emplace_back(row, value);
    }
    const bool tail_first = whole_segments;
    std::ranges::sort(found, [this, tail_first](const auto& a, const auto& b) {
      const ModelRow& x = a.first;
      const ModelRow& y = b.first;
      if (x.time != y.time) return x.time < y.time;
      if (tail_first) return std::pair{x.tail, x.key} < std::pair{y.tail, y.key};
      return as_bytes(x) < as_bytes(y);
    });
    return found;
  }

  [[nodiscard]] std::int64_t segment(std::int64_t time) const { return time / interval_; }
  [[nodiscard]] std::int64_t time() const { return time_; }

 private:
  // The key, then the tail: in this order unless keys hold zero bytes.
  [[nodiscard]] ByteBuffer as_bytes(const ModelRow& row) const {
    ByteBuffer bytes{Bytes{std::string_view{row.key}}};
    if (sessions_) {
      append_big_endian(bytes, row.tail);
    } else {
      append_big_endian(bytes, static_cast<std::int32_t>(row.tail));
    }
    return bytes;
  }
  [[nodiscard]] bool visible(std::int64_t time) const {
    return time >= time_ - kept_for_ + (late_windows_ ? 0 : 1);
  }

  bool sessions_;
  bool on_disk_;
  bool late_windows_;
  std::int64_t kept_for_;
  std::int64_t interval_;
  std::int64_t time_ = -1;
  std::map<ModelRow, std::string> rows_;
};

}  // namespace moldau::state
