#pragma once

#include "moldau/base/bytes.h"
#include "moldau/export.h"
#include "moldau/state/buffered_change.h"
#include "moldau/state/state_store.h"

#include "state/buffered_change_format.h"
#include "state/by_key.h"
#include "state/cached_entry.h"
#include "state/open_store.h"
#include "state/suppress_metrics.h"

#include <absl/container/btree_set.h>
#include <absl/container/flat_hash_set.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace moldau::inline v0::state {

// Changes of a table that wait for their time, one a key, in the order of their times, then of
// their keys. A later change of a key takes the place of the one that waits and keeps its time.
//
// Lies in memory. What changed is written to the changelog at flush_cache(), once a key however
// often it changed, and read back from there when the task starts elsewhere.
class MOLDAU_TESTING_EXPORT SuppressBuffer final : public StateStore {
 public:
  SuppressBuffer(std::string name, std::optional<ChangelogTarget> changelog,
                 std::unique_ptr<SuppressMetrics> metrics);
  ~SuppressBuffer() override;

  [[nodiscard]] std::string_view name() const override { return name_; }

  void restore(std::span<const RawRecord> changelog, const ChangelogPosition& reached) override;
  // Sends what changed since the last call to the changelog.
  void flush_cache() override;
  void commit(const std::optional<ChangelogPosition>& position) override;
  void write_down() override;
  void rollback() override;
  [[nodiscard]] std::size_t uncommitted_bytes() const override { return uncommitted_bytes_; }
  [[nodiscard]] std::optional<ChangelogPosition> committed_position() const override {
    return position_;
  }

  // Takes a change in. If one of its key waits already, `time` and `prior` stay as they are there.
  void put(const BufferedChange& change);

  // The highest time of the changes that were put: unknown() before the first one, and when the
  // task starts. A rollback takes it back too.
  [[nodiscard]] Timestamp time() const noexcept { return time_; }

  [[nodiscard]] bool empty() const noexcept { return order_.empty(); }
  // The next one to leave. Valid until the buffer changes. REQUIRES: !empty().
  [[nodiscard]] BufferedChange first() const;
  void remove_first();

  // The change of that key that waits.
  [[nodiscard]] std::optional<BufferedChange> find(Bytes key) const;

  [[nodiscard]] std::size_t records() const noexcept { return order_.size(); }
  // Of all changes that wait, as the reference estimates it: limits in bytes mean the same there.
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }

 private:
  // Bytes that may be null, with memory that is kept.
  struct Part {
    void assign(const std::optional<Bytes>& bytes);
    [[nodiscard]] std::optional<Bytes> view() const noexcept {
      return present ? std::optional<Bytes>{bytes} : std::nullopt;
    }
    ByteBuffer bytes;
    bool present = false;
  };

  struct Entry {
    [[nodiscard]] Bytes key() const noexcept { return key_bytes; }
    [[nodiscard]] BufferedChange view() const noexcept;

    ByteBuffer key_bytes;
    Timestamp time;
    Part prior;
    Part before;
    Part now;
    OwnedContext context;
    bool waiting = false;           // false: it has left, which the changelog does not know yet
    bool dirty = false;             // the changelog does not know it as it is
    std::uint64_t changed_at = 0;   // the commit that its last change will be part of
    std::size_t counted_bytes = 0;  // in uncommitted_bytes_, if changed_at is the next commit
  };

  struct Earlier {
    bool operator()(const Entry* a, const Entry* b) const noexcept {
      return a->time != b->time ? a->time < b->time : a->key() < b->key();
    }
  };

  [[nodiscard]] static std::size_t size_of(const Entry& entry);

  Entry& entry_of(Bytes key);
  // Lets the entry wait with that change.
  void fill(Entry& entry, const BufferedChange& change);
  void take_out(Entry& entry);
  // Called before an entry changes: keeps it as it was committed.
  void keep_committed(Entry& entry);
  void mark_changed(Entry& entry);
  void forget(Entry& entry);
  void send(const Entry& entry);
  void apply(const RawRecord& record, ReadChange& read);
  // What has changed until now belongs to a commit.
  void settle();
  [[nodiscard]] std::unique_ptr<Entry> spare();
  [[nodiscard]] const std::string& intern(std::string_view topic);

  std::string name_;
  std::optional<ChangelogTarget> changelog_;
  std::unique_ptr<SuppressMetrics> metrics_;
  absl::flat_hash_set<std::unique_ptr<Entry>, HashOfKey, EqualKeys> entries_;
  absl::btree_set<Entry*, Earlier> order_;  // of those that wait
  std::size_t bytes_ = 0;
  Timestamp time_ = Timestamp::unknown();
  Timestamp committed_time_ = Timestamp::unknown();
  std::vector<Entry*> dirty_;
  // Entries that have changed since the last commit, as they were then.
  std::vector<std::unique_ptr<Entry>> committed_;
  std::uint64_t next_commit_ = 1;
  std::size_t uncommitted_bytes_ = 0;
  std::optional<ChangelogPosition> position_;
  std::vector<std::unique_ptr<Entry>> spare_;
  std::deque<std::string> topics_;  // the few that the task reads
  ByteBuffer value_;
};

}  // namespace moldau::inline v0::state
