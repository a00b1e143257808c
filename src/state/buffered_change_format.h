#pragma once

#include "moldau/base/bytes.h"
#include "moldau/export.h"
#include "moldau/record/headers.h"
#include "moldau/record/raw_record.h"
#include "moldau/state/buffered_change.h"

namespace moldau::inline v0::state {

// Values of buffers (interop.md sections 5.8 and 5.9): everything but the key.

// The header of a changelog record whose value append_buffered_change() wrote.
[[nodiscard]] const Headers& buffered_change_headers();

// Appends a value in the form of today.
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

// Reads what append_buffered_change() wrote; the change refers to `value` and to `headers`, whose
// old content is lost, and has no key. Throws SerdeError as above.
[[nodiscard]] MOLDAU_TESTING_EXPORT BufferedChange read_buffered_row(Bytes value, Headers& headers);

}  // namespace moldau::inline v0::state
