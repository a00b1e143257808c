#pragma once

#include "moldau/base/bytes.h"
#include "moldau/base/ids.h"
#include "moldau/base/strong_id.h"
#include "moldau/base/timestamp.h"
#include "moldau/export.h"
#include "moldau/record/headers.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace moldau::inline v0 {

// A record as bytes: a view of something fetched or stored. nullopt is a Kafka null.
struct RawRecord {
  std::optional<Bytes> key;
  std::optional<Bytes> value;
  Timestamp timestamp;
  Offset offset;
  const Headers* headers = &no_headers();
};

// A topic as its RecordSink knows it: resolved once by name, used per record as a number.
using TopicHandle = StrongId<std::int32_t, struct TopicHandleTag>;

// A record on its way to a topic. A view; the receiver copies what it keeps.
struct OutgoingRecord {
  TopicHandle topic;
  // nullopt: the default partitioner of Kafka's Java producer decides (murmur2 of the key bytes;
  // any partition for a null key).
  std::optional<PartitionId> partition;
  std::optional<Bytes> key;
  std::optional<Bytes> value;
  // nullopt: the time of sending, as the reference does for the changelogs of its buffers.
  std::optional<Timestamp> timestamp;
  const Headers* headers = &no_headers();
};

// What sinks and stores write to. The runtime implements it over the stream thread's producer, the
// test driver by noting the record. One thread.
class MOLDAU_EXPORT RecordSink {
 public:
  virtual ~RecordSink();
  // The handle of a topic; the same name gives the same handle. For building tasks, and for sinks
  // that compute their topic: not for every record of a fixed one.
  virtual TopicHandle topic(std::string_view name) = 0;
  // As topic(), for the changelog of a store: the sink keeps track of what is acknowledged there.
  virtual TopicHandle changelog_topic(std::string_view name) { return topic(name); }
  // How many partitions a topic has, for partitioners of the user. Throws StreamsError if the topic
  // does not exist.
  virtual std::int32_t partitions(TopicHandle topic) = 0;
  // Hands the record to the producer. Throws what ends the task: a failed delivery reported later
  // is the production handler's matter, not the caller's.
  virtual void send(const OutgoingRecord& record) = 0;
};

}  // namespace moldau::inline v0
