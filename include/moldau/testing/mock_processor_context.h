#pragma once

#include "moldau/processor/fixed_key_processor.h"
#include "moldau/processor/nodes/process.h"
#include "moldau/processor/processor.h"
#include "moldau/testing/mock_task.h"
#include "moldau/testing/test_record.h"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace moldau::inline v0::testing {

// A record that a processor has forwarded. Owns its parts.
template <class K, class V>
struct ForwardedRecord {
  std::optional<K> key;
  std::optional<V> value;
  Timestamp timestamp = {};
  Headers headers = {};
  std::optional<std::string> child = {};  // nullopt: to all children

  friend bool operator==(const ForwardedRecord&, const ForwardedRecord&) = default;
};

// What MockProcessorContext and MockFixedKeyProcessorContext are: a context that a processor is
// tested with alone, without a topology.
//
//   MockProcessorContext<std::string, std::int64_t> context;
//   context.add_store(in_memory_key_value_store<std::string, std::int64_t>("counts"));
//   CountWords counter;
//   context.init(counter);
//   context.process(counter, {"a", "b c b", Timestamp{7}});
//   EXPECT_EQ(context.forwarded().size(), 3);
//
// Everything is as a task has it, with stores in memory and without changelogs: stream time follows
// the records, punctuations run when they are due. What the processor throws reaches the test.
// Must outlive the processor. One thread.
template <class Base, class KOut, class VOut>
class MockContext final : public Base {
 public:
  using Forwarded = ForwardedRecord<KOut, VOut>;

  explicit MockContext(MockTaskOptions options = {}) : task_(std::move(options)) {
    this->attach(task_.node(), task_.context());
  }

  // A store that the processor may open. Before init(). Throws TopologyError for a store that is
  // only named, and for a second one of a name.
  void add_store(const UsedStore& store) { task_.add_store(store); }

  template <class P>
  void init(P& processor) {
    processor.attach(*this);
    processor.init(*this);
  }
  // Has a record processed, and then the stream-time punctuations that are due. Its offset is one
  // more each time, unless said otherwise.
  template <class P>
  void process(P& processor, const TestRecord<typename P::key_in, typename P::value_in>& record) {
    ++offset_;
    task_.start_record({topic_, partition_, offset_}, record.timestamp);
    {
      const typename Base::Processing processing{*this, record.timestamp, record.headers};
      const Record<typename P::key_in, typename P::value_in> view{
          processor::pointer_to(record.key), processor::pointer_to(record.value), record.timestamp,
          record.headers};
      if constexpr (processor::ProcessorTypes<P>) {
        processor.process(view);
      } else {
        processor.process(processor::FixedKeys::fix(view));
      }
    }
    task_.end_record();
  }
  // Moves the wall clock, once and at once, and runs the punctuations that are due then.
  void advance_wall_clock_time(std::chrono::milliseconds by) { task_.advance_wall_clock_time(by); }
  // Where the next record comes from. Default: topic "topic", partition 0, offsets from 0.
  void set_record_metadata(std::string topic, PartitionId partition, Offset offset) {
    topic_ = std::move(topic);
    partition_ = partition;
    offset_ = offset - 1;
  }

  // Everything forwarded since the start, or since take_forwarded().
  [[nodiscard]] const std::vector<Forwarded>& forwarded() const noexcept { return forwarded_; }
  [[nodiscard]] std::vector<Forwarded> take_forwarded() { return std::exchange(forwarded_, {}); }
  [[nodiscard]] bool commit_requested() const noexcept { return task_.commit_requested(); }
  void reset_commit_request() noexcept { task_.reset_commit_request(); }
  // Sum over all tags.
  [[nodiscard]] double metric(const std::string& name) const { return task_.metric(name); }

 private:
  void hand_on(const Record<KOut, VOut>& record) override { keep(record, std::nullopt); }
  void hand_on(const Record<KOut, VOut>& record, std::string_view child) override {
    keep(record, std::string{child});
  }
  void keep(const Record<KOut, VOut>& record, std::optional<std::string> child) {
    Forwarded& kept = forwarded_.emplace_back();
    if (record.key_or_null() != nullptr) kept.key = record.key();
    if (record.value_or_null() != nullptr) kept.value = record.value();
    kept.timestamp = record.timestamp();
    kept.headers = record.headers();
    kept.child = std::move(child);
  }

  MockTask task_;
  std::vector<Forwarded> forwarded_;
  std::string topic_ = "topic";
  PartitionId partition_{0};
  Offset offset_{-1};
};

template <class KOut, class VOut>
using MockProcessorContext = MockContext<ProcessorContext<KOut, VOut>, KOut, VOut>;
template <class K, class VOut>
using MockFixedKeyProcessorContext = MockContext<FixedKeyProcessorContext<K, VOut>, K, VOut>;

}  // namespace moldau::inline v0::testing
