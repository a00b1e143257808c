#include "kafka/wire/codec.h"

#include "moldau/base/assert.h"
#include "moldau/base/big_endian.h"

#include "kafka/wire/decode_error.h"

#include <limits>

namespace moldau::inline v0::kafka::wire {

DecodeError::~DecodeError() = default;

void Writer::boolean(bool value) { int8(value ? 1 : 0); }
void Writer::int8(std::int8_t value) { append_big_endian(out_, value); }
void Writer::int16(std::int16_t value) { append_big_endian(out_, value); }
void Writer::uint16(std::uint16_t value) { append_big_endian(out_, value); }
void Writer::int32(std::int32_t value) { append_big_endian(out_, value); }
void Writer::int64(std::int64_t value) { append_big_endian(out_, value); }

void Writer::uvarint(std::uint32_t value) {
  while (value >= 0x80) {
    out_.append(static_cast<std::byte>((value & 0x7f) | 0x80));
    value >>= 7;
  }
  out_.append(static_cast<std::byte>(value));
}

void Writer::string(std::string_view value) {
  count(value.size());
  out_.append(Bytes{value});
}

void Writer::nullable_string(const std::optional<std::string>& value) {
  if (value) {
    string(*value);
  } else {
    uvarint(0);
  }
}

void Writer::old_string(std::string_view value) {
  MOLDAU_ASSERT(value.size() <= std::numeric_limits<std::int16_t>::max());
  int16(static_cast<std::int16_t>(value.size()));
  out_.append(Bytes{value});
}

void Writer::count(std::size_t elements) {
  MOLDAU_ASSERT(elements < std::numeric_limits<std::uint32_t>::max());
  uvarint(static_cast<std::uint32_t>(elements) + 1);  // 0 is null
}

void Writer::old_count(std::size_t elements) {
  MOLDAU_ASSERT(elements <= std::numeric_limits<std::int32_t>::max());
  int32(static_cast<std::int32_t>(elements));
}

void Writer::null_array() { uvarint(0); }
void Writer::present(bool present) { int8(present ? 1 : -1); }
void Writer::no_tags() { uvarint(0); }

void Writer::tag(std::uint32_t tag, Bytes value) {
  uvarint(tag);
  uvarint(static_cast<std::uint32_t>(value.size()));
  out_.append(value);
}

void Reader::fail(std::string_view what) const {
  throw DecodeError{"at byte " + std::to_string(at_) + " of " + std::to_string(bytes_.size()) +
                    ": " + std::string{what}};
}

Bytes Reader::take(std::size_t size) {
  if (size > left()) {
    fail(std::to_string(size) + " bytes were expected, there are " + std::to_string(left()));
  }
  const Bytes taken = bytes_.without_first(at_).first(size);
  at_ += size;
  return taken;
}

template <class T>
T Reader::number() {
  return load_big_endian<T>(take(sizeof(T)).data());
}

bool Reader::boolean() { return int8() != 0; }
std::int8_t Reader::int8() { return number<std::int8_t>(); }
std::int16_t Reader::int16() { return number<std::int16_t>(); }
std::uint16_t Reader::uint16() { return number<std::uint16_t>(); }
std::int32_t Reader::int32() { return number<std::int32_t>(); }
std::int64_t Reader::int64() { return number<std::int64_t>(); }

std::uint32_t Reader::uvarint() {
  std::uint32_t value = 0;
  for (int shift = 0; shift < 35; shift += 7) {
    const auto byte = std::to_integer<std::uint32_t>(take(1)[0]);
    const std::uint32_t group = byte & 0x7f;
    if (shift == 28 && group > 0x0f) fail("a number of more than 32 bits");
    value |= group << shift;
    if ((byte & 0x80) == 0) return value;
  }
  fail("a number of more than 5 bytes");
}

std::string Reader::string() {
  std::optional<std::string> value = nullable_string();
  if (!value) fail("a text is null that must not be");
  return *std::move(value);
}

std::optional<std::string> Reader::nullable_string() {
  const std::uint32_t size = uvarint();
  if (size == 0) return std::nullopt;
  return std::string{take(size - 1).text()};
}

std::string Reader::old_string() {
  std::optional<std::string> value = old_nullable_string();
  if (!value) fail("a text is null that must not be");
  return *std::move(value);
}

std::optional<std::string> Reader::old_nullable_string() {
  const std::int16_t size = int16();
  if (size == -1) return std::nullopt;
  if (size < 0) fail("a text of negative length");
  return std::string{take(static_cast<std::size_t>(size)).text()};
}

std::size_t Reader::count(std::size_t smallest) {
  const std::optional<std::size_t> elements = nullable_count(smallest);
  if (!elements) fail("an array is null that must not be");
  return *elements;
}

std::size_t Reader::old_count(std::size_t smallest) {
  const std::int32_t count = int32();
  if (count < 0) fail("an array is null that must not be");
  return checked_count(static_cast<std::size_t>(count), smallest);
}

std::optional<std::size_t> Reader::nullable_count(std::size_t smallest) {
  const std::uint32_t count = uvarint();
  if (count == 0) return std::nullopt;
  return checked_count(count - 1, smallest);
}

std::size_t Reader::checked_count(std::size_t count, std::size_t smallest) const {
  if (count > left() / smallest) {
    fail("an array of " + std::to_string(count) + " elements in " + std::to_string(left()) +
         " bytes");
  }
  return count;
}

bool Reader::present() {
  switch (int8()) {
    case -1:
      return false;
    case 1:
      return true;
    default:
      fail("a struct is neither null nor present");
  }
}

void Reader::skip_tags() {
  Tags tags{*this};
  while (tags.next()) tags.skip();
}

void Reader::expect_end() const {
  if (left() > 0) fail(std::to_string(left()) + " bytes too many");
}

Bytes Reader::rest() { return take(left()); }

Reader::Tags::Tags(Reader& in) : in_(in), outer_end_(in.end_), left_(in.uvarint()) {}

std::optional<std::uint32_t> Reader::Tags::next() {
  if (last_ >= 0) {
    in_.expect_end();
    in_.end_ = outer_end_;
  }
  if (left_ == 0) return std::nullopt;
  --left_;
  const std::uint32_t tag = in_.uvarint();
  if (tag <= last_) in_.fail("tags are not in ascending order");
  last_ = tag;
  const std::uint32_t size = in_.uvarint();
  if (size > in_.left()) in_.fail("a tag reaches beyond the end");
  in_.end_ = in_.at_ + size;
  return tag;
}

void Reader::Tags::skip() { in_.at_ = in_.end_; }

}  // namespace moldau::inline v0::kafka::wire
