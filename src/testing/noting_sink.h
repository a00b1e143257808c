#pragma once

#include "moldau/record/raw_record.h"
#include "moldau/testing/test_record.h"

#include "runtime/stream_task.h"

#include <deque>
#include <map>
#include <string>
#include <vector>

namespace moldau::inline v0::testing {

// A sink that keeps what is sent, in order. Every record counts as acknowledged at once, with
// offsets that grow by topic.
class NotingSink final : public RecordSink, public runtime::AckedOffsets {
 public:
  TopicHandle topic(std::string_view name) override {
    const auto known = handles_.find(name);
    if (known != handles_.end()) return known->second;
    const TopicHandle handle{static_cast<std::int32_t>(topics_.size())};
    topics_.push_back({std::string{name}, Offset{-1}});
    handles_.emplace(name, handle);
    return handle;
  }

  std::int32_t partitions(TopicHandle) override { return 1; }

  void send(const OutgoingRecord& record) override {
    const auto owned = [](const std::optional<Bytes>& bytes) {
      return bytes ? std::optional{ByteBuffer{*bytes}} : std::nullopt;
    };
    Topic& topic = topics_[static_cast<std::size_t>(record.topic.value())];
    ++topic.last;
    sent_.push_back(
        {topic.name, owned(record.key), owned(record.value), record.timestamp, *record.headers});
  }

  [[nodiscard]] std::optional<Offset> acked(TopicHandle topic, PartitionId) const override {
    const Offset last = topics_[static_cast<std::size_t>(topic.value())].last;
    return last.value() < 0 ? std::nullopt : std::optional{last};
  }

  // Everything sent since the last call.
  [[nodiscard]] std::vector<RawTestRecord> take() { return std::exchange(sent_, {}); }

 private:
  struct Topic {
    std::string name;
    Offset last;
  };
  std::vector<Topic> topics_;
  std::map<std::string, TopicHandle, std::less<>> handles_;
  std::vector<RawTestRecord> sent_;
};

}  // namespace moldau::inline v0::testing
