#pragma once

#include "moldau/base/big_endian.h"
#include "moldau/base/bytes.h"
#include "moldau/base/timestamp.h"
#include "moldau/export.h"
#include "moldau/record/headers.h"
#include "moldau/state/value_layout.h"

#include <cstddef>
#include <cstdint>

namespace moldau::inline v0::processor {

// Where the parts of a table's row lie, as its store keeps it: headers, the time unless the row is
// a session's, the value. Rows that a table writes have no headers, even where the store keeps
// them, as in the reference; processors and changelogs may give them some.
class MOLDAU_EXPORT RowFormat {
 public:
  RowFormat() noexcept : RowFormat(state::ValueLayout::timestamped) {}
  explicit RowFormat(state::ValueLayout layout) noexcept
      : empty_headers_size_(state::has_headers(layout) ? 1 : 0),
        time_size_(state::has_time(layout) ? sizeof(std::int64_t) : 0) {}

  [[nodiscard]] bool keeps_headers() const noexcept { return empty_headers_size_ != 0; }

  // REQUIRES: rows of this format have a time.
  [[nodiscard]] Timestamp time(Bytes row) const {
    return Timestamp{load_big_endian<std::int64_t>(row.data() + headers_size(row))};
  }
  [[nodiscard]] Bytes value(Bytes row) const {
    return row.without_first(headers_size(row) + time_size_);
  }
  // Replaces `headers` by those of the row.
  void read_headers(Bytes row, Headers& headers) const;

  // Begins a row of that time in `row`, whatever was there: the caller appends the value.
  void start(ByteBuffer& row, Timestamp time) const {
    row.resize(empty_headers_size_ + time_size_);
    if (empty_headers_size_ != 0) row.data()[0] = no_headers_mark;
    if (time_size_ != 0) store_big_endian(time.milliseconds(), row.data() + empty_headers_size_);
  }

 private:
  // The size of headers that are none.
  static constexpr std::byte no_headers_mark{0};

  [[nodiscard]] std::size_t headers_size(Bytes row) const {
    if (empty_headers_size_ == 0) return 0;
    return row[0] == no_headers_mark ? empty_headers_size_ : state::stored_headers_size(row);
  }

  std::size_t empty_headers_size_;
  std::size_t time_size_;
};

}  // namespace moldau::inline v0::processor
