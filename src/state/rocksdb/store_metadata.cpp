#include "state/rocksdb/store_metadata.h"

#include "moldau/base/big_endian.h"

#include <string>

namespace moldau::inline v0::state {

namespace {

constexpr std::size_t fixed_position_size = 8 + 8 + 1;
constexpr std::byte no_topic_id{0};
constexpr std::byte with_topic_id{1};
constexpr std::byte with_partitions{2};

}  // namespace

ByteBuffer encode_format(std::uint32_t format) {
  ByteBuffer bytes;
  append_big_endian(bytes, format);
  return bytes;
}

std::optional<std::uint32_t> decode_format(Bytes bytes) {
  if (bytes.size() != sizeof(std::uint32_t)) return std::nullopt;
  return load_big_endian<std::uint32_t>(bytes.data());
}

void encode_position(const ChangelogPosition& position, ByteBuffer& out) {
  append_big_endian(out, position.next.value());
  append_big_endian(out, position.as_of.milliseconds());
  if (!position.partitions.empty()) {
    out.append(with_partitions);
    for (const Offset next : position.partitions) append_big_endian(out, next.value());
    return;
  }
  out.append(position.topic_id ? with_topic_id : no_topic_id);
  if (position.topic_id) out.append(Bytes{std::string_view{*position.topic_id}});
}

std::optional<ChangelogPosition> decode_position(Bytes bytes) {
  if (bytes.size() < fixed_position_size) return std::nullopt;
  ChangelogPosition position{.next = Offset{load_big_endian<std::int64_t>(bytes.data())},
                             .as_of = Timestamp{load_big_endian<std::int64_t>(bytes.data() + 8)},
                             .topic_id = std::nullopt};
  const Bytes rest = bytes.without_first(fixed_position_size);
  const std::byte mark = bytes[fixed_position_size - 1];
  if (mark == with_topic_id) {
    position.topic_id.emplace(rest.text());
  } else if (mark == with_partitions && !rest.empty() && rest.size() % sizeof(std::int64_t) == 0) {
    for (std::size_t at = 0; at < rest.size(); at += sizeof(std::int64_t)) {
      position.partitions.push_back(Offset{load_big_endian<std::int64_t>(rest.data() + at)});
    }
  } else if (mark != no_topic_id || !rest.empty()) {
    return std::nullopt;
  }
  return position;
}

}  // namespace moldau::inline v0::state
