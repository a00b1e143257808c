#pragma once

#include "moldau/base/ids.h"
#include "moldau/state/storage.h"

#include "kafka/memory/broker.h"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace moldau::simulation {

// What was written to the changelogs of plain stores since the beginning, whatever the broker has
// removed from them; and whether the stores on the disks agree with it. Speaks up by throwing
// RuleBroken.
class Changelogs {
 public:
  // `stores`: their names. A store is known by its path, which ends in `<task>/<name>`.
  Changelogs(kafka::memory::Broker& broker, std::vector<std::string> stores)
      : broker_(broker), stores_(std::move(stores)) {}

  // Reads what has come. To be called before the broker removes anything.
  void read();
  // From now on a store that is behind cannot be rebuilt record by record.
  void compacted() { compacted_ = true; }

  // A batch has been written to a store: no uncommitted record is in it, and its position says what
  // it holds.
  void check_batch(const std::string& path, std::span<const state::StorageWrite> writes,
                   const state::StorageMap& rows);
  // A task begins to process, or has stopped for good: its store holds all that is committed.
  void check_complete(const std::string& path, const state::StorageMap& rows);
  // True if the store is at the end of its changelog.
  [[nodiscard]] bool up_to_date(const std::string& path, const state::StorageMap& rows);

  // A store's files are gone.
  void forget(const std::string& path) { followed_.erase(path); }
  void forget_below(const std::string& folder);
  [[nodiscard]] bool knows(const std::string& path) const;

 private:
  using Rows = std::map<std::string, std::string, std::less<>>;
  struct Record {
    enum class State : std::uint8_t { open, committed, aborted };
    Offset offset;
    kafka::memory::ProducerId producer;
    State state;
    std::string key;
    std::optional<std::string> row;  // as the store keeps it
  };
  struct Log {
    Offset read;
    std::vector<Record> records;
    std::map<kafka::memory::ProducerId, std::vector<std::size_t>> open;
  };
  // What the store at a path should hold.
  struct Followed {
    Rows rows;
    Offset position;
    std::size_t next = 0;  // in the log's records
    // Records before the position that were not decided when it passed them: another producer's,
    // which must never be committed.
    std::vector<std::size_t> passed;
  };

  void read(const TopicPartition& partition, Log& log, kafka::memory::Broker::Turn& turn);
  [[nodiscard]] static TopicPartition changelog_of(const std::string& path);
  [[nodiscard]] Log& log_of(const std::string& path);
  [[nodiscard]] bool is_committed(const TopicPartition& partition, const Record& record);
  [[nodiscard]] Offset committed_end(const std::string& path);
  void check_passed(const std::string& path, const TopicPartition& changelog, Offset position);

  kafka::memory::Broker& broker_;
  std::vector<std::string> stores_;
  std::map<TopicPartition, Log> logs_;
  std::map<std::string, Followed> followed_;
  bool compacted_ = false;
};

}  // namespace moldau::simulation
