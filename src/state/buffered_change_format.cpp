#include "state/buffered_change_format.h"

#include "moldau/base/big_endian.h"
#include "moldau/base/error.h"

#include <concepts>
#include <cstdint>
#include <string>
#include <utility>

namespace moldau::inline v0::state {

namespace {

constexpr std::string_view version_header = "v";
constexpr std::byte first_with_version{1};
constexpr std::byte first_with_prior{2};
constexpr std::byte current_version{3};

constexpr std::int32_t null_size = -1;
constexpr std::int32_t same_as_prior = -2;
// A number of headers that early releases wrote for "not kept".
constexpr std::int32_t headers_unknown = -1;

void append_sized(Bytes bytes, ByteBuffer& out) {
  append_big_endian(out, static_cast<std::int32_t>(bytes.size()));
  out.append(bytes);
}

void append_nullable(const std::optional<Bytes>& bytes, ByteBuffer& out) {
  if (bytes) return append_sized(*bytes, out);
  append_big_endian(out, null_size);
}

void append_context(const RecordContext& context, ByteBuffer& out) {
  append_big_endian(out, context.timestamp.milliseconds());
  append_big_endian(out, context.metadata.offset.value());
  append_sized(Bytes{context.metadata.topic}, out);
  append_big_endian(out, context.metadata.partition.value());
  append_big_endian(out, static_cast<std::int32_t>(context.headers->size()));
  for (const Header& header : *context.headers) {
    append_sized(Bytes{std::string_view{header.key}}, out);
    append_nullable(header.value ? std::optional<Bytes>{*header.value} : std::nullopt, out);
  }
}

// Takes bytes off the front.
class Reader {
 public:
  explicit Reader(Bytes bytes) : rest_(bytes) {}

  Bytes bytes(std::size_t size) {
    if (size > rest_.size()) {
      throw SerdeError("the value ends early: " + std::to_string(size) +
                       " more bytes were expected, " + std::to_string(rest_.size()) + " are left");
    }
    const Bytes taken = rest_.first(size);
    rest_ = rest_.without_first(size);
    return taken;
  }

  template <std::integral T>
  T number() {
    return load_big_endian<T>(bytes(sizeof(T)).data());
  }

  // The bytes behind a size that was read; nullopt for that of a null.
  std::optional<Bytes> of_size(std::int32_t size) {
    if (size == null_size) return std::nullopt;
    if (size < 0) throw SerdeError("the value has a part of " + std::to_string(size) + " bytes");
    return bytes(static_cast<std::size_t>(size));
  }
  std::optional<Bytes> nullable() { return of_size(number<std::int32_t>()); }
  Bytes present(const char* what) {
    const std::optional<Bytes> read = nullable();
    if (!read) throw SerdeError(std::string{"the value has no "} + what);
    return *read;
  }

  void end() const {
    if (rest_.empty()) return;
    throw SerdeError("the value goes on for " + std::to_string(rest_.size()) +
                     " bytes after its end");
  }

 private:
  Bytes rest_;
};

void read_context(Reader& reader, RecordContext& context, Headers& into) {
  context.timestamp = Timestamp{reader.number<std::int64_t>()};
  context.metadata.offset = Offset{reader.number<std::int64_t>()};
  context.metadata.topic = reader.present("topic").text();
  context.metadata.partition = PartitionId{reader.number<std::int32_t>()};
  context.headers = &into;
  into.clear();
  const auto headers = reader.number<std::int32_t>();
  if (headers < headers_unknown) {
    throw SerdeError("the value has " + std::to_string(headers) + " headers");
  }
  for (std::int32_t i = 0; i < headers; ++i) {
    const Bytes key = reader.present("key of a header");
    const std::optional<Bytes> value = reader.nullable();
    into.add(std::string{key.text()}, value ? std::optional<ByteBuffer>{*value} : std::nullopt);
  }
}

// Old and new value as old releases wrote them.
void read_legacy_change(Bytes bytes, BufferedChange& change) {
  Reader reader{bytes};
  change.before = reader.nullable();
  change.now = reader.nullable();
  reader.end();
}

void read_without_context(const RawRecord& record, Reader& reader, Bytes value, ReadChange& into) {
  BufferedChange& change = into.change;
  change.time = Timestamp{reader.number<std::int64_t>()};
  read_legacy_change(value.without_first(sizeof(std::int64_t)), change);
  into.headers = *record.headers;
  change.context.timestamp = record.timestamp;
  change.context.metadata = {.topic = {}, .partition = PartitionId{-1}, .offset = record.offset};
  into.prior_known = false;
}

void read_with_context(Reader& reader, ReadChange& into) {
  into.change.time = Timestamp{reader.number<std::int64_t>()};
  read_context(reader, into.change.context, into.headers);
  read_legacy_change(reader.present("change"), into.change);
  reader.end();
  into.prior_known = false;
}

void read_with_prior(Reader reader, ReadChange& into) {
  read_context(reader, into.change.context, into.headers);
  read_legacy_change(reader.present("change"), into.change);
  into.change.prior = reader.nullable();
  into.change.time = Timestamp{reader.number<std::int64_t>()};
  reader.end();
}

void read_current(Reader reader, BufferedChange& change, Headers& headers) {
  read_context(reader, change.context, headers);
  change.prior = reader.nullable();
  const auto before_size = reader.number<std::int32_t>();
  change.before = before_size == same_as_prior ? change.prior : reader.of_size(before_size);
  change.now = reader.nullable();
  change.time = Timestamp{reader.number<std::int64_t>()};
  reader.end();
}

std::byte version_of(const RawRecord& record) {
  const Header* header = record.headers->last(version_header);
  if (header == nullptr) return std::byte{0};
  if (header->value && header->value->size() == 1) {
    const std::byte version = header->value->bytes()[0];
    if (version >= first_with_version && version <= current_version) return version;
  }
  throw SerdeError("its header \"v\" names a form of the value that no release has written");
}

}  // namespace

const Headers& buffered_change_headers() {
  static const Headers headers{
      {std::string{version_header}, ByteBuffer{Bytes{&current_version, 1}}}};
  return headers;
}

void append_buffered_change(const BufferedChange& change, ByteBuffer& out) {
  append_context(change.context, out);
  append_nullable(change.prior, out);
  if (change.before && change.before == change.prior) {
    append_big_endian(out, same_as_prior);
  } else {
    append_nullable(change.before, out);
  }
  append_nullable(change.now, out);
  append_big_endian(out, change.time.milliseconds());
}

void read_buffered_change(const RawRecord& record, ReadChange& into) {
  Reader reader{*record.value};
  into.prior_known = true;
  switch (const std::byte version = version_of(record); version) {
    case std::byte{0}:
      read_without_context(record, reader, *record.value, into);
      break;
    case first_with_version:
      read_with_context(reader, into);
      break;
    case first_with_prior:
      try {
        read_with_prior(reader, into);
      } catch (const SerdeError&) {
        // Three releases wrote the next form and called it this one.
        read_current(reader, into.change, into.headers);
      }
      break;
    default:
      read_current(reader, into.change, into.headers);
  }
  BufferedChange& change = into.change;
  if (!into.prior_known) change.prior = change.before;
  change.key = *record.key;
  change.context.headers = &into.headers;
}

BufferedChange read_buffered_row(Bytes value, Headers& headers) {
  BufferedChange change;
  read_current(Reader{value}, change, headers);
  return change;
}

}  // namespace moldau::inline v0::state
