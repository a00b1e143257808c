#include "state/row_schema.h"

namespace moldau::inline v0::state {

void RowSchema::index_row(Bytes data_row, ByteBuffer& out) const {
  const Bytes key = key_in(data_row);
  const Bytes tail = tail_in(data_row);
  out.clear();
  append_indexed_segment(out, segment_in(data_row));
  append_time(out, time_in(data_row));
  out.append(tail_before_key_ ? tail : key);
  out.append(tail_before_key_ ? key : tail);
}

void RowSchema::data_row(Bytes index_row, ByteBuffer& out) const {
  out.clear();
  append_big_endian(out, indexed_segment_in(index_row));
  out.append(key_in_index(index_row));
  append_time(out, time_in_index(index_row));
  out.append(tail_in_index(index_row));
}

}  // namespace moldau::inline v0::state
