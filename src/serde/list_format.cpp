#include "moldau/serde/list_format.h"

#include "moldau/base/assert.h"
#include "moldau/base/big_endian.h"
#include "moldau/base/error.h"

#include <cstdint>
#include <limits>
#include <string>

namespace moldau::inline v0::detail {

namespace {

constexpr std::byte constant_size_flag{0};
constexpr std::byte variable_size_flag{1};
constexpr std::size_t count_size = sizeof(std::int32_t);

[[noreturn]] void fail(const std::string& what) { throw SerdeError("list: " + what); }

std::int32_t wire_count(const char* what, std::size_t count) {
  if (count > static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max())) {
    fail(std::string{what} + " must be below 2^31, found " + std::to_string(count));
  }
  return static_cast<std::int32_t>(count);
}

[[noreturn]] void fail_count(const char* what, std::size_t count, Bytes rest) {
  fail(std::string{what} + " is " + std::to_string(count) + ", more than the " +
       std::to_string(rest.size()) + " bytes that follow can hold");
}

}  // namespace

ListWriter::ListWriter(ByteBuffer& out, std::size_t count, std::size_t element_size)
    : out_(out), count_(count), element_size_(element_size), null_count_at_(out.size() + 1) {
  static_cast<void>(wire_count("number of elements", count));
  if (element_size_ == 0) {
    out_.append(variable_size_flag);
  } else {
    out_.append(constant_size_flag);
    append_big_endian(out_, std::int32_t{0});
  }
}

void ListWriter::null_position(std::size_t index) {
  MOLDAU_ASSERT(element_size_ != 0);
  append_big_endian(out_, static_cast<std::int32_t>(index));
  ++nulls_;
}

void ListWriter::start_elements() {
  if (nulls_ != 0) {
    store_big_endian(static_cast<std::int32_t>(nulls_), out_.data() + null_count_at_);
  }
  append_big_endian(out_, static_cast<std::int32_t>(count_));
}

void ListWriter::null_element() {
  if (element_size_ == 0) append_big_endian(out_, std::int32_t{-1});
}

void ListWriter::start_element() {
  if (element_size_ == 0) append_big_endian(out_, std::int32_t{0});
  element_at_ = out_.size();
}

void ListWriter::finish_element() {
  const std::size_t size = out_.size() - element_at_;
  if (element_size_ == 0) {
    store_big_endian(wire_count("size of an element", size),
                     out_.data() + element_at_ - count_size);
  } else {
    MOLDAU_ASSERT(size == element_size_);
  }
}

ListReader::ListReader(Bytes bytes, std::size_t element_size) : rest_(bytes) {
  const Bytes flag = take(1);
  if (flag[0] == constant_size_flag) {
    read_constant_header(element_size);
  } else if (flag[0] == variable_size_flag) {
    read_variable_header();
  } else {
    fail("expected a first byte of 0 or 1, found " +
         std::to_string(std::to_integer<unsigned>(flag[0])));
  }
}

void ListReader::read_constant_header(std::size_t type_element_size) {
  if (type_element_size == 0) {
    fail("written with elements of one constant size, read with elements of variable size");
  }
  element_size_ = type_element_size;
  const std::size_t nulls = take_count("number of nulls");
  if (nulls > rest_.size() / count_size) fail_count("number of nulls", nulls, rest_);
  null_positions_ = take(nulls * count_size);
  size_ = take_count("number of elements");
  if (size_ < nulls || (size_ - nulls) != rest_.size() / element_size_ ||
      rest_.size() % element_size_ != 0) {
    fail("expected " + std::to_string(size_) + " elements of " + std::to_string(element_size_) +
         " bytes, " + std::to_string(nulls) + " of them null, found " +
         std::to_string(rest_.size()) + " bytes of elements");
  }
}

void ListReader::read_variable_header() {
  size_ = take_count("number of elements");
  if (size_ > rest_.size() / count_size) fail_count("number of elements", size_, rest_);
}

std::optional<Bytes> ListReader::next() {
  MOLDAU_ASSERT(index_ < size_);
  const std::size_t index = index_++;
  if (element_size_ != 0) {
    if (!null_positions_.empty()) {
      const auto null_position = load_big_endian<std::int32_t>(null_positions_.data());
      if (null_position == static_cast<std::int64_t>(index)) {
        null_positions_ = null_positions_.without_first(count_size);
        return std::nullopt;
      }
    }
    return take(element_size_);
  }
  const auto size = load_big_endian<std::int32_t>(take(count_size).data());
  if (size == -1) return std::nullopt;
  if (size < 0) fail("size of element " + std::to_string(index) + " is " + std::to_string(size));
  return take(static_cast<std::size_t>(size));
}

void ListReader::throw_null_element() const {
  fail("element " + std::to_string(index_ - 1) +
       " is null; read the list as std::vector<std::optional<T>>");
}

void ListReader::finish() const {
  MOLDAU_ASSERT(index_ == size_);
  if (!rest_.empty()) {
    fail("expected the end after " + std::to_string(size_) + " elements, found " +
         std::to_string(rest_.size()) + " bytes more");
  }
}

std::size_t ListReader::take_count(const char* what) {
  const auto count = load_big_endian<std::int32_t>(take(count_size).data());
  if (count < 0) fail(std::string{what} + " is " + std::to_string(count));
  return static_cast<std::size_t>(count);
}

Bytes ListReader::take(std::size_t size) {
  if (size > rest_.size()) {
    fail("expected " + std::to_string(size) + " bytes more, found " + std::to_string(rest_.size()));
  }
  const Bytes taken = rest_.first(size);
  rest_ = rest_.without_first(size);
  return taken;
}

}  // namespace moldau::inline v0::detail
