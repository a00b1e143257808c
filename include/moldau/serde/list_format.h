#pragma once

#include "moldau/base/bytes.h"
#include "moldau/export.h"

#include <cstddef>
#include <optional>

namespace moldau::inline v0::detail {

// The layout of a list, without its element type. `element_size` is the size of an element on the
// wire if all have the same (the constant-size strategy), or 0 (each carries its length).

// Writes a list to the end of `out`, which somebody else fills with the elements themselves:
// null_position() for each null in ascending order (constant size only), start_elements(), then for
// each element null_element(), or start_element(), its bytes, finish_element().
class MOLDAU_EXPORT ListWriter {
 public:
  // Throws SerdeError if `count` does not fit the 32 bits it has on the wire.
  ListWriter(ByteBuffer& out, std::size_t count, std::size_t element_size);

  void null_position(std::size_t index);
  void start_elements();
  void null_element();
  void start_element();
  // Throws SerdeError if the element is larger than the wire can say, or not of the constant size.
  void finish_element();

 private:
  ByteBuffer& out_;
  std::size_t count_;
  std::size_t element_size_;
  std::size_t nulls_ = 0;
  std::size_t null_count_at_;   // where the number of nulls stands in `out`
  std::size_t element_at_ = 0;  // where the bytes of the open element begin
};

// Reads a list front to back. Throws SerdeError for bytes that are not exactly a list. Counts are
// checked against the bytes there are before anybody allocates by them.
class MOLDAU_EXPORT ListReader {
 public:
  ListReader(Bytes bytes, std::size_t element_size);

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  // The bytes of the next element; nullopt if it is null. REQUIRES: called at most size() times.
  [[nodiscard]] std::optional<Bytes> next();
  // The element returned last was null and its type cannot be.
  [[noreturn]] void throw_null_element() const;
  // REQUIRES: every element was read.
  void finish() const;

 private:
  void read_constant_header(std::size_t type_element_size);
  void read_variable_header();
  // Takes a count off the front. Throws if it is missing or negative.
  [[nodiscard]] std::size_t take_count(const char* what);
  [[nodiscard]] Bytes take(std::size_t size);

  Bytes rest_;
  Bytes null_positions_;  // those to come, 4 bytes each; ascending
  std::size_t element_size_ = 0;
  std::size_t size_ = 0;
  std::size_t index_ = 0;  // of the element that next() returns
};

}  // namespace moldau::inline v0::detail
