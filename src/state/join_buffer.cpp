#include "moldau/state/join_buffer.h"

#include "moldau/base/big_endian.h"
#include "moldau/base/error.h"

#include "state/buffered_change_format.h"
#include "state/row_key.h"

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>

namespace moldau::inline v0::state {

JoinBuffer::Receiver::~Receiver() = default;

namespace {

// A row is found by time: a byte that says so, the time, the key, and a number of its own.
constexpr std::byte time_first{0};
constexpr std::size_t tag_size = 1;
constexpr std::size_t sequence_size = sizeof(std::int32_t);
constexpr std::uint32_t last_sequence = 0x7fff'ffff;

struct RowKey {
  Timestamp at;
  Bytes key;
  std::uint32_t sequence;
};

RowKey parse(std::string_view store, Bytes row_key) {
  if (row_key.size() < tag_size + time_size + sequence_size || row_key[0] != time_first) {
    throw StateStoreError("store \"" + std::string{store} +
                          "\": a key that is not that of a waiting record");
  }
  const Bytes timed = row_key.without_first(tag_size);
  const Bytes rest = timed.without_first(time_size);
  return {.at = Timestamp{load_big_endian<std::int64_t>(timed.data())},
          .key = rest.first(rest.size() - sequence_size),
          .sequence = load_big_endian<std::uint32_t>(rest.last(sequence_size).data())};
}

// The reference gives it no time.
constexpr Timestamp no_time{0};

BufferedChange read_row(std::string_view store, Bytes value, Headers& headers) {
  try {
    return read_buffered_row(value, headers);
  } catch (const SerdeError& error) {
    throw StateStoreError("store \"" + std::string{store} +
                          "\": a row is no waiting record: " + error.what() +
                          ". If its changelog was written by this application, delete the store's "
                          "folder to read it again");
  }
}

void start_row_key(Timestamp at, ByteBuffer& row_key) {
  row_key.append(time_first);
  append_big_endian(row_key, at.milliseconds());
}

}  // namespace

void JoinBuffer::open(StateStore& store, std::chrono::milliseconds grace) {
  store_ = dynamic_cast<KeyValueBytesStore*>(&store);
  if (store_ == nullptr) {
    throw TopologyError("store \"" + std::string{store.name()} +
                        "\" is no buffer for the records of a join");
  }
  grace_ = grace;
  reload();
}

void JoinBuffer::reload() {
  highest_ = Timestamp::unknown();
  earliest_ = Timestamp::max();
  sequence_ = 0;
  for (auto it = store_->range(ByteRange::all(), Direction::forward); it->valid(); it->next()) {
    const RowKey row = parse(store_->name(), it->key());
    earliest_ = std::min(earliest_, row.at);
    highest_ = std::max(highest_, row.at);
    sequence_ = std::max(sequence_, row.sequence);
  }
}

bool JoinBuffer::put(Bytes key, Bytes value, const RecordContext& context) {
  const Timestamp at = context.timestamp;
  if (at < highest_ - grace_) return false;
  highest_ = std::max(highest_, at);
  earliest_ = std::min(earliest_, at);
  sequence_ = (sequence_ + 1) & last_sequence;

  row_key_.clear();
  start_row_key(at, row_key_);
  row_key_.append(key);
  append_big_endian(row_key_, static_cast<std::int32_t>(sequence_));

  row_.clear();
  append_buffered_change({.key = key,
                          .time = no_time,
                          .prior = std::nullopt,
                          .before = std::nullopt,
                          .now = value,
                          .context = context},
                         row_);
  store_->put(row_key_, row_.bytes(), context);
  return true;
}

void JoinBuffer::release(Receiver& to) {
  const Timestamp limit = highest_ - grace_;
  if (earliest_ > limit) return;
  // Not from the start, where rows that are gone already may still cost time.
  ByteRange waiting{.from = ByteBuffer{}, .to = std::nullopt};
  start_row_key(earliest_, *waiting.from);
  earliest_ = Timestamp::max();
  for (auto it = store_->range(waiting, Direction::forward); it->valid(); it->next()) {
    const RowKey row = parse(store_->name(), it->key());
    if (row.at > limit) {
      earliest_ = row.at;
      break;
    }
    const BufferedChange waited = read_row(store_->name(), it->value(), headers_);
    if (waited.now) to.released(row.key, *waited.now, waited.context);
    store_->put(it->key(), std::nullopt, waited.context);
  }
}

}  // namespace moldau::inline v0::state
