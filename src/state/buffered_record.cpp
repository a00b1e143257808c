#include "state/buffered_record.h"

#include "moldau/base/big_endian.h"
#include "moldau/base/error.h"

#include <concepts>
#include <cstdint>
#include <string>

namespace moldau::inline v0::state {

namespace {

constexpr std::int32_t null_size = -1;
// The old value is the prior one: the key had one update since it is in the buffer.
constexpr std::int32_t same_as_prior = -2;

void append_sized(ByteBuffer& out, Bytes bytes) {
  append_big_endian(out, static_cast<std::int32_t>(bytes.size()));
  out.append(bytes);
}

void append_nullable(ByteBuffer& out, const std::optional<Bytes>& bytes) {
  if (bytes) {
    append_sized(out, *bytes);
  } else {
    append_big_endian(out, null_size);
  }
}

// Takes the parts of a record off the front of its bytes.
class Parts {
 public:
  Parts(std::string_view store, Bytes bytes) : store_(store), rest_(bytes) {}

  template <std::signed_integral T>
  T number() {
    return load_big_endian<T>(take(sizeof(T)).data());
  }
  std::optional<Bytes> sized() { return sized(number<std::int32_t>()); }
  std::optional<Bytes> sized(std::int32_t size) {
    if (size == null_size) return std::nullopt;
    if (size < 0) damaged();
    return take(static_cast<std::size_t>(size));
  }
  std::string_view text() {
    const std::optional<Bytes> bytes = sized();
    if (!bytes) damaged();
    return bytes->text();
  }
  void finish() const {
    if (!rest_.empty()) damaged();
  }

 private:
  Bytes take(std::size_t size) {
    if (size > rest_.size()) damaged();
    const Bytes taken = rest_.first(size);
    rest_ = rest_.without_first(size);
    return taken;
  }

  [[noreturn]] void damaged() const {
    throw StateStoreError("store \"" + std::string{store_} +
                          "\": a row is not a buffered record. If the changelog was written by "
                          "this application, delete the store's folder to read it again");
  }

  std::string_view store_;
  Bytes rest_;
};

}  // namespace

void write_buffered_record(const BufferedRecord& record, const Headers& headers, ByteBuffer& out) {
  append_big_endian(out, record.timestamp.milliseconds());
  append_big_endian(out, record.metadata.offset.value());
  append_sized(out, Bytes{record.metadata.topic});
  append_big_endian(out, record.metadata.partition.value());
  append_big_endian(out, static_cast<std::int32_t>(headers.size()));
  for (const Header& header : headers) {
    append_sized(out, Bytes{std::string_view{header.key}});
    append_nullable(out, header.value ? std::optional{header.value->bytes()} : std::nullopt);
  }
  append_nullable(out, record.prior);
  if (record.prior && record.old && *record.old == *record.prior) {
    append_big_endian(out, same_as_prior);
  } else {
    append_nullable(out, record.old);
  }
  append_nullable(out, record.now);
  append_big_endian(out, record.buffer_time.milliseconds());
}

BufferedRecord read_buffered_record(std::string_view store, Bytes bytes, Headers& headers) {
  Parts parts{store, bytes};
  BufferedRecord record;
  record.timestamp = Timestamp{parts.number<std::int64_t>()};
  record.metadata.offset = Offset{parts.number<std::int64_t>()};
  record.metadata.topic = parts.text();
  record.metadata.partition = PartitionId{parts.number<std::int32_t>()};
  headers.clear();
  for (std::int32_t left = parts.number<std::int32_t>(); left > 0; --left) {
    const std::string_view key = parts.text();
    const std::optional<Bytes> value = parts.sized();
    headers.add(std::string{key}, value ? std::optional{ByteBuffer{*value}} : std::nullopt);
  }
  record.prior = parts.sized();
  const auto old_size = parts.number<std::int32_t>();
  record.old = old_size == same_as_prior ? record.prior : parts.sized(old_size);
  record.now = parts.sized();
  record.buffer_time = Timestamp{parts.number<std::int64_t>()};
  parts.finish();
  return record;
}

}  // namespace moldau::inline v0::state
