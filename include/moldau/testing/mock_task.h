#pragma once

#include "moldau/base/timestamp.h"
#include "moldau/export.h"
#include "moldau/processor/used_store.h"
#include "moldau/record/record_metadata.h"

#include <chrono>
#include <map>
#include <memory>
#include <string>

namespace moldau::inline v0::processor {
class Node;
class TaskContext;
}  // namespace moldau::inline v0::processor

namespace moldau::inline v0::testing {

// What a processor under test finds around it.
struct MockTaskOptions {
  std::string application_id = "mock";
  // Of the processor's node.
  std::string name = "processor";
  // What System.currentTimeMillis() would say at the start.
  Timestamp initial_wall_clock_time{1'000'000'000'000};
  std::string state_dir = {};
  // The application's own settings, without `app.` in front.
  std::map<std::string, std::string, std::less<>> app = {};
};

// The task around a MockProcessorContext: stores, clocks, punctuations and metrics, without a
// topology. For use by that.
class MOLDAU_EXPORT MockTask {
 public:
  explicit MockTask(MockTaskOptions options);
  ~MockTask();
  MockTask(const MockTask&) = delete;
  MockTask& operator=(const MockTask&) = delete;

  [[nodiscard]] const processor::Node& node() const noexcept;
  [[nodiscard]] processor::TaskContext& context() noexcept;

  void add_store(const UsedStore& store);

  // The record that is about to be processed. `metadata` refers to a topic name that stays.
  void start_record(const RecordMetadata& metadata, Timestamp timestamp);
  // It has been processed: runs the punctuations that are due then.
  void end_record();
  void advance_wall_clock_time(std::chrono::milliseconds by);
  [[nodiscard]] bool commit_requested() const noexcept;
  void reset_commit_request() noexcept;
  [[nodiscard]] double metric(const std::string& name) const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace moldau::inline v0::testing
