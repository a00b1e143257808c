#pragma once

#include "moldau/base/big_endian.h"
#include "moldau/base/clock.h"
#include "moldau/base/logger.h"
#include "moldau/metrics/metric_registry.h"
#include "moldau/record/raw_record.h"
#include "moldau/state/storage.h"

#include "base/temporary_folder.h"
#include "state/open_store.h"
#include "state/record_cache.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace moldau::state {

inline Bytes bytes(std::string_view text) { return Bytes{text}; }

// A row as a timestamped store keeps it.
inline std::string row(std::int64_t time, std::string_view value) {
  ByteBuffer out;
  append_big_endian(out, time);
  out.append(bytes(value));
  return out.take_text();
}

inline RecordContext at(std::int64_t time) { return {.timestamp = Timestamp{time}}; }

inline ChangelogPosition position(std::int64_t next) {
  return {.next = Offset{next}, .as_of = Timestamp{1000 + next}, .topic_id = std::nullopt};
}

inline std::optional<std::string> get(KeyValueBytesStore& store, std::string_view key) {
  ByteBuffer value;
  if (!store.get(bytes(key), value)) return std::nullopt;
  return value.take_text();
}

inline std::optional<std::string> get(const StorageMap& map, std::string_view key) {
  ByteBuffer value;
  if (!map.get(bytes(key), value)) return std::nullopt;
  return value.take_text();
}

inline void put(KeyValueBytesStore& store, std::string_view key, std::string_view value,
                const RecordContext& context = at(0)) {
  store.put(bytes(key), bytes(value), context);
}

inline void erase(KeyValueBytesStore& store, std::string_view key,
                  const RecordContext& context = at(0)) {
  store.put(bytes(key), std::nullopt, context);
}

using Entries = std::vector<std::pair<std::string, std::string>>;

inline Entries read_all(std::unique_ptr<BytesIterator> at) {
  Entries entries;
  for (; at->valid(); at->next()) entries.emplace_back(at->key().text(), at->value().text());
  return entries;
}

inline ByteRange between(std::string_view from, std::string_view to, bool to_exclusive = false) {
  return {ByteBuffer{bytes(from)}, ByteBuffer{bytes(to)}, to_exclusive};
}

struct Sent {
  std::string key;
  std::optional<std::string> value;
  std::int64_t time = 0;

  friend bool operator==(const Sent&, const Sent&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Sent& sent) {
    return out << sent.key << "=" << sent.value.value_or("(null)") << "@" << sent.time;
  }
};

// Notes what a store sends to its changelog.
class NotingSink final : public RecordSink {
 public:
  TopicHandle topic(std::string_view) override { return TopicHandle{7}; }
  std::int32_t partitions(TopicHandle) override { return 4; }
  void send(const OutgoingRecord& record) override {
    sent.push_back({std::string{record.key.value().text()},
                    record.value ? std::optional{std::string{record.value->text()}} : std::nullopt,
                    record.timestamp.value().milliseconds()});
    topics.push_back(record.topic);
    record_partitions.push_back(record.partition);
    headers += record.headers->size();
  }

  std::vector<Sent> sent;
  std::vector<TopicHandle> topics;
  std::vector<std::optional<PartitionId>> record_partitions;
  std::size_t headers = 0;
};

// What stores are opened with.
class StoreBench {
 public:
  explicit StoreBench(std::size_t cache_bytes = 1U << 20) : cache(cache_bytes) {}

  std::unique_ptr<KeyValueBytesStore> open(const StoreSpec& spec, DroppedRows* drops = nullptr) {
    return open_store(spec, {.storage = *storage,
                             .folder = folder.path() / spec.name,
                             .changelog = spec.logging ? std::optional{target} : std::nullopt,
                             .cache = &cache,
                             .drops = drops,
                             .logger = *logger,
                             .clock = system_clock(),
                             .metrics = metrics});
  }

  TemporaryFolder folder;
  std::shared_ptr<Storage> storage = make_rocksdb_storage();
  NotingSink sink;
  ChangelogTarget target{sink, TopicHandle{7}, PartitionId{3}};
  RecordCache cache;
  std::shared_ptr<Logger> logger = make_silent_logger();
  MetricRegistry metrics;
};

}  // namespace moldau::state
