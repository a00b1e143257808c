#include "moldau/record/record.h"

#include "moldau/record/raw_record.h"

namespace moldau::inline v0 {

RecordSink::~RecordSink() = default;

namespace detail {

void throw_null_key() {
  throw NullAccess("the record has no key; take `const K*` to see records without one");
}

void throw_null_value() {
  throw NullAccess("the record has no value; take `const V*` to see records without one");
}

void throw_negative_timestamp(Timestamp timestamp) {
  throw Error("a record's timestamp must not be negative, but is " +
              std::to_string(timestamp.milliseconds()) + " ms");
}

}  // namespace detail
}  // namespace moldau::inline v0
