#pragma once

#include "moldau/base/bytes.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// The primitive types of the Kafka protocol in its flexible versions.
namespace moldau::inline v0::kafka::wire {

// Appends values to a buffer, which must outlive it.
class Writer {
 public:
  explicit Writer(ByteBuffer& out) : out_(out) {}

  void boolean(bool value);
  void int8(std::int8_t value);
  void int16(std::int16_t value);
  void uint16(std::uint16_t value);
  void int32(std::int32_t value);
  void int64(std::int64_t value);
  void uvarint(std::uint32_t value);

  void string(std::string_view value);
  void nullable_string(const std::optional<std::string>& value);
  // As before the flexible versions, with a length of two bytes: the client id of a request header,
  // SaslHandshake. REQUIRES: at most 32,767 bytes.
  void old_string(std::string_view value);

  // Stands before the elements of an array.
  void count(std::size_t elements);
  // The same with four bytes.
  void old_count(std::size_t elements);
  void null_array();
  // Stands before a nullable struct, which follows if `present`.
  void present(bool present);

  // Ends every struct: the number of its tags, with uvarint(), then tag() for each in ascending
  // order.
  void no_tags();
  void tag(std::uint32_t tag, Bytes value);

 private:
  ByteBuffer& out_;
};

// Takes values from the front of bytes that come from elsewhere and may be anything. Every function
// throws DecodeError if the bytes are not that value or end too early; afterwards the reader is of
// no more use.
class Reader {
 public:
  explicit Reader(Bytes bytes) : bytes_(bytes), end_(bytes.size()) {}

  bool boolean();
  std::int8_t int8();
  std::int16_t int16();
  std::uint16_t uint16();
  std::int32_t int32();
  std::int64_t int64();
  std::uint32_t uvarint();

  std::string string();
  std::optional<std::string> nullable_string();
  std::string old_string();
  std::optional<std::string> old_nullable_string();

  // The number of elements that follow; nullopt for a null array. Refuses more than there can be in
  // the remaining bytes if each takes at least `smallest` of them. REQUIRES: smallest > 0.
  std::size_t count(std::size_t smallest);
  std::size_t old_count(std::size_t smallest);
  std::optional<std::size_t> nullable_count(std::size_t smallest);
  bool present();

  void skip_tags();
  void expect_end() const;
  // What has not been read; the reader is at the end afterwards.
  Bytes rest();

  class Tags;

 private:
  template <class T>
  T number();
  [[nodiscard]] std::size_t checked_count(std::size_t count, std::size_t smallest) const;
  // The next `size` bytes.
  Bytes take(std::size_t size);
  [[nodiscard]] std::size_t left() const { return end_ - at_; }
  [[noreturn]] void fail(std::string_view what) const;

  Bytes bytes_;
  std::size_t at_ = 0;
  std::size_t end_;  // of the bytes, or of the tag that is being read
};

// The tags at the end of a struct, one after the other:
//
//   Reader::Tags tags{reader};
//   while (const auto tag = tags.next()) { read the value of *tag, or skip() }
class Reader::Tags {
 public:
  explicit Tags(Reader& in);

  // Throws if the value of the tag before was not read to its end, or the order is not ascending.
  std::optional<std::uint32_t> next();
  void skip();

 private:
  Reader& in_;
  std::size_t outer_end_;
  std::uint32_t left_;
  std::int64_t last_ = -1;  // the tag being read; -1 before the first
};

}  // namespace moldau::inline v0::kafka::wire
