#pragma once

#include "moldau/base/bytes.h"
#include "moldau/base/timestamp.h"

#include <cstddef>
#include <optional>
#include <vector>

namespace moldau::inline v0::state {

// The versions of one key in one segment of a versioned store: each is in force from its time until
// that of the next one, the newest until end(). Refers to the bytes it was made from.
//
// As bytes: end (8), time of the oldest (8), then per version, newest first, time (8) and size of
// the value (4, -1: deleted), then the values, oldest first. A deletion that nothing is known
// before or after ends when it begins; a list of nothing but that is called lone.
class VersionList {
 public:
  struct Entry {
    Timestamp from;
    std::optional<Bytes> value;
  };

  // The two times that decide where to look, without reading the rest.
  [[nodiscard]] static Timestamp end_of(Bytes encoded) noexcept;
  [[nodiscard]] static Timestamp start_of(Bytes encoded) noexcept;

  VersionList() = default;
  VersionList(std::optional<Bytes> value, Timestamp from, Timestamp end);

  void decode(Bytes encoded);
  void encode(ByteBuffer& out) const;

  [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }
  // 0 is the newest.
  [[nodiscard]] const Entry& operator[](std::size_t index) const { return entries_[index]; }
  [[nodiscard]] Timestamp until(std::size_t index) const {
    return index == 0 ? end_ : entries_[index - 1].from;
  }
  // The one in force then. REQUIRES: the list covers that time.
  [[nodiscard]] std::size_t find(Timestamp at) const;

  // REQUIRES: `from` is not before the end; `end` is not before `from`.
  void add_newest(std::optional<Bytes> value, Timestamp from, Timestamp end);
  // REQUIRES: `from` is before all others.
  void add_oldest(std::optional<Bytes> value, Timestamp from);
  void insert(std::size_t index, Entry entry);
  void replace(std::size_t index, Entry entry) { entries_[index] = entry; }

 private:
  [[nodiscard]] bool lone() const noexcept { return entries_.back().from == end_; }

  Timestamp end_;
  std::vector<Entry> entries_;
};

}  // namespace moldau::inline v0::state
