#pragma once

#include "moldau/base/bytes.h"
#include "moldau/export.h"
#include "moldau/record/headers.h"
#include "moldau/record/raw_record.h"
#include "moldau/state/buffered_change.h"

namespace moldau::inline v0::state {

// Changelog records of buffers (interop.md section 5.8).

// The header of a changelog record whose value append_buffered_change() wrote.
[[nodiscard]] const Headers& buffered_change_headers();

// Appends the value of a changelog record: everything but the key.
MOLDAU_TESTING_EXPORT void append_buffered_change(const BufferedChange& change, ByteBuffer& out);

// A changelog record that was read.
struct ReadChange {
  BufferedChange change;    // refers to the record and to `headers`
  bool prior_known = true;  // false: an old form, which does not say; `prior` is `before` then
  Headers headers = {};
};

// Reads a changelog record that has a key and a value, in any form that a release of the reference
// has written. Throws SerdeError saying what is wrong with its bytes.
MOLDAU_TESTING_EXPORT void read_buffered_change(const RawRecord& record, ReadChange& into);

}  // namespace moldau::inline v0::state
