#pragma once

#include "moldau/base/clock.h"
#include "moldau/base/timestamp.h"
#include "moldau/kafka/values.h"

#include "runtime/stream_task.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>

namespace moldau::inline v0::runtime {

// Brings one store along its changelog: what is read of it goes down in batches, each with the
// position it reaches. Up to an end, or for ever. Knows no clients and tells nobody.
//
// Used on the restore worker.
class ChangelogFollower {
 public:
  struct Beginning {
    Offset from;
    // The end of a restoration; of a standby the end when it began, which is where it starts to be
    // as good as up to date.
    Offset target;
    bool endless = false;  // a standby: it goes on behind the target
    // What lies at or behind it is not read: the topic is an input, and not processed further.
    std::optional<Offset> limit = {};
    Clock::Steady started;
    Timestamp asked_at;  // before `target` was read; wall time
    // The store is only as young as what it was read from: tombstones it has not read count from
    // there.
    Timestamp as_of;
  };
  // Records that have gone down, and what is reached with them.
  struct Written {
    Offset reached;
    std::uint64_t records = 0;
    std::uint64_t bytes = 0;
  };

  // `store` outlives this.
  ChangelogFollower(StreamTask::Store& store, const Beginning& beginning)
      : store_(&store), beginning_(beginning), reached_(beginning.from) {
    done_ = !beginning.endless && reached_ >= beginning.target;
  }

  [[nodiscard]] const StreamTask::Store& store() const noexcept { return *store_; }
  [[nodiscard]] const TopicPartition& changelog() const { return *store_->plan->changelog; }
  [[nodiscard]] std::string_view store_name() const { return store_->store->name(); }
  [[nodiscard]] const Beginning& beginning() const noexcept { return beginning_; }
  [[nodiscard]] bool is_input() const noexcept { return !store_->plan->writes_changelog; }

  [[nodiscard]] Offset reached() const noexcept { return reached_; }
  [[nodiscard]] std::uint64_t records() const noexcept { return records_; }
  [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_; }
  // Never of a standby.
  [[nodiscard]] bool done() const noexcept { return done_; }
  // False while there is nothing it may read.
  [[nodiscard]] bool reads() const noexcept {
    return !done_ && (!beginning_.limit || reached_ < *beginning_.limit);
  }

  // Takes the records of one poll and calls `written` for each batch of them that has gone down.
  // Throws what the store throws.
  void apply(const kafka::PartitionBatch& batch,
             const std::function<void(const Written&)>& written);
  // The reader has come to `position`, the end of the log at the time `now`: only control records
  // and aborted data may lie between it and the last record that was applied.
  void at_end(Offset position, Timestamp now);
  // The store was up to date at the time `now`: the log ended at `end`.
  void confirm(Offset end, Timestamp now);
  // The input has been processed up to here. Limits only grow.
  void raise_limit(Offset limit);

 private:
  void advance(Offset position);
  void put(std::span<const RawRecord> records);

  StreamTask::Store* store_;
  Beginning beginning_;
  Offset reached_;
  std::uint64_t records_ = 0;
  std::uint64_t bytes_ = 0;
  bool done_ = false;
};

}  // namespace moldau::inline v0::runtime
