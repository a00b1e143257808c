#pragma once

#include "moldau/base/ids.h"
#include "moldau/base/timestamp.h"
#include "moldau/export.h"
#include "moldau/processor/node.h"
#include "moldau/processor/punctuation.h"
#include "moldau/processor/store_handles.h"
#include "moldau/processor/task_context.h"
#include "moldau/record/record_metadata.h"
#include "moldau/state/key_value_store.h"
#include "moldau/state/session_store.h"
#include "moldau/state/versioned_key_value_store.h"
#include "moldau/state/window_store.h"
#include "moldau/state/write_context.h"

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace moldau::inline v0 {

class ProcessorMetrics;

// What a processor may ask of the task it runs in. Lives as long as the processor; used on the
// task's thread, in init(), process(), punctuators and close().
class MOLDAU_EXPORT ProcessingContext : private state::WriteContext {
 public:
  using AppConfigs = std::map<std::string, std::string, std::less<>>;

  ProcessingContext() = default;
  virtual ~ProcessingContext();
  ProcessingContext(const ProcessingContext&) = delete;
  ProcessingContext& operator=(const ProcessingContext&) = delete;

  [[nodiscard]] std::string_view application_id() const;
  [[nodiscard]] TaskId task_id() const;
  // The task's folder below `state.dir`. It may not exist yet.
  [[nodiscard]] std::string state_dir() const;
  // Settings of the application's own: the keys that start with `app.`, without that.
  [[nodiscard]] const AppConfigs& app_configs() const;

  // Where the input record came from that is being processed. Inside a punctuator the topic is
  // empty, partition and offset are -1. nullopt in init() and close().
  [[nodiscard]] std::optional<RecordMetadata> record_metadata() const;

  // Highest timestamp the task has taken from any of its inputs; Timestamp::unknown() before the
  // first record.
  [[nodiscard]] Timestamp stream_time() const;
  // The machine's clock, read at each call; in a test driver the driver's.
  [[nodiscard]] Timestamp wall_time() const;

  // Calls `punctuator` about every `interval`, which is at least 1 ms. Periods that were missed
  // give one call, and the phase is kept: the next one is due at the first multiple of the interval
  // after now. What throws in it goes to the processing exception handler. Not kept across
  // restarts: schedule in init(). Throws Error if the interval is shorter.
  Cancellable schedule(std::chrono::milliseconds interval, PunctuationType type,
                       Punctuator punctuator);
  // Likewise, first due at `start`. A start that lies in the past, on the wall clock, only gives
  // the phase. Throws Error if `start` is negative.
  Cancellable schedule(Timestamp start, std::chrono::milliseconds interval, PunctuationType type,
                       Punctuator punctuator);

  // Asks for a commit of the task soon, at the next turn of its thread. Does not wait for it.
  void request_commit();

  // For measurements of the application's own. See processor_metrics.h.
  [[nodiscard]] ProcessorMetrics metrics() const;

  // Handles of stores: cheap, to be kept by the processor, valid as long as it lives. The store
  // must be connected to the processor, or be a global one, which is read-only. Throws
  // TopologyError if it is not, and if it is of another kind or has other types.
  template <class K, class V>
  [[nodiscard]] KeyValueStore<K, V> key_value_store(std::string_view name) {
    return open<KeyValueStore<K, V>, K, V>(name);
  }
  template <class K, class V>
  [[nodiscard]] TimestampedKeyValueStore<K, V> timestamped_key_value_store(std::string_view name) {
    return open<TimestampedKeyValueStore<K, V>, K, V>(name);
  }
  template <class K, class V>
  [[nodiscard]] VersionedKeyValueStore<K, V> versioned_key_value_store(std::string_view name) {
    return open<VersionedKeyValueStore<K, V>, K, V>(name);
  }
  template <class K, class V>
  [[nodiscard]] WindowStore<K, V> window_store(std::string_view name) {
    return open<WindowStore<K, V>, K, V>(name);
  }
  template <class K, class V>
  [[nodiscard]] TimestampedWindowStore<K, V> timestamped_window_store(std::string_view name) {
    return open<TimestampedWindowStore<K, V>, K, V>(name);
  }
  template <class K, class V>
  [[nodiscard]] SessionStore<K, V> session_store(std::string_view name) {
    return open<SessionStore<K, V>, K, V>(name);
  }
  template <class K, class V>
  [[nodiscard]] SessionStoreWithHeaders<K, V> session_store_with_headers(std::string_view name) {
    return open<SessionStoreWithHeaders<K, V>, K, V>(name);
  }

  // For the node that runs the processor: which node, which task. Before anything else.
  void attach(const processor::Node& node, processor::TaskContext& task) noexcept;

  // For the node that runs the processor: while one of these exists a record of that time is being
  // processed, or a punctuation runs.
  class Processing {
   public:
    Processing(ProcessingContext& context, Timestamp timestamp, const Headers& headers) noexcept
        : context_(context), before_(context.current_) {
      context.current_ = {timestamp, &headers};
      context.begin_turn();
    }
    ~Processing() { context_.current_ = before_; }
    Processing(const Processing&) = delete;
    Processing& operator=(const Processing&) = delete;

   private:
    friend class ProcessingContext;
    struct Current {
      Timestamp timestamp;
      const Headers* headers = nullptr;  // null: nothing is being processed
    };
    ProcessingContext& context_;
    Current before_;
  };

 protected:
  [[nodiscard]] const processor::Node& node() const noexcept { return *node_; }
  // Throws StreamsError naming the node unless a record is being processed or a punctuator runs.
  void check_may_forward() const {
    if (current_.headers == nullptr) refuse_to_forward();
  }

 private:
  [[nodiscard]] RecordContext current() const final;
  [[noreturn]] void refuse_to_forward() const;
  Cancellable schedule_from(std::optional<Timestamp> start, std::chrono::milliseconds interval,
                            PunctuationType type, Punctuator punctuator);
  [[nodiscard]] processor::OpenedStore opened(std::string_view store) const;

  template <class Handle, class K, class V>
  Handle open(std::string_view name) {
    return processor::make_store_handle<Handle, K, V>("\"" + node_->name() + "\"", opened(name),
                                                      *this);
  }

  const processor::Node* node_ = nullptr;
  processor::TaskContext* task_ = nullptr;
  Processing::Current current_ = {};
};

}  // namespace moldau::inline v0
