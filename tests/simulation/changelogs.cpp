#include "simulation/changelogs.h"

#include "simulation/rule_broken.h"
#include "simulation/workload.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace moldau::simulation {

namespace {

using kafka::memory::LogEntry;

// Eight bytes of time, most significant first, then the value of the changelog.
std::string stored(const LogEntry& entry) {
  std::string row;
  const auto time = static_cast<std::uint64_t>(entry.timestamp.milliseconds());
  for (unsigned shift = 64; shift > 0; shift -= 8) row += static_cast<char>(time >> (shift - 8));
  return row += entry.value->bytes().text();
}

Offset position_of(const state::StorageMap& rows) {
  const std::optional<state::ChangelogPosition> position = rows.position();
  return position ? position->next : Offset{0};
}

std::optional<std::string> row(const state::StorageMap& rows, const std::string& key) {
  ByteBuffer value;
  if (!rows.get(Bytes{key}, value)) return std::nullopt;
  return std::string{value.bytes().text()};
}

[[noreturn]] void broken(const std::string& path, Offset position, const std::string& what) {
  throw RuleBroken("store " + path + " at position " + std::to_string(position.value()) + ": " +
                   what);
}

}  // namespace

// `.../<subtopology>_<partition>/<store>`.
TopicPartition Changelogs::changelog_of(const std::string& path) {
  const std::size_t name = path.rfind('/') + 1;
  const std::size_t partition = path.rfind('_', name) + 1;
  std::int32_t number = 0;
  std::from_chars(path.data() + partition, path.data() + name - 1, number);
  return {std::string{application_id} + "-" + path.substr(name) + "-changelog",
          PartitionId{number}};
}

bool Changelogs::knows(const std::string& path) const {
  return std::ranges::find(stores_, path.substr(path.rfind('/') + 1)) != stores_.end();
}

void Changelogs::forget_below(const std::string& folder) {
  std::erase_if(followed_,
                [&](const auto& entry) { return entry.first.starts_with(folder + "/"); });
}

void Changelogs::read() {
  kafka::memory::Broker::Turn turn{broker_};
  for (const std::string& store : stores_) {
    const std::string topic = std::string{application_id} + "-" + store + "-changelog";
    const kafka::memory::Topic* found = turn->topics.find(topic);
    if (found == nullptr) continue;
    for (std::int32_t i = 0; i < found->partition_count(); ++i) {
      const TopicPartition partition{topic, PartitionId{i}};
      read(partition, logs_[partition], turn);
    }
  }
}

void Changelogs::read(const TopicPartition& partition, Log& log,
                      kafka::memory::Broker::Turn& turn) {
  const kafka::memory::PartitionLog& entries = *turn->topics.find(partition);
  const auto& stored_entries = entries.stored();
  for (auto entry = std::ranges::lower_bound(stored_entries, log.read, {}, &LogEntry::offset);
       entry != stored_entries.end(); ++entry) {
    if (entry->is_record()) {
      if (entry->transactional) log.open[entry->producer.id].push_back(log.records.size());
      log.records.push_back(
          {.offset = entry->offset,
           .producer = entry->producer.id,
           .state = entry->transactional ? Record::State::open : Record::State::committed,
           .key = std::string{entry->key->bytes().text()},
           .row = entry->value ? std::optional{stored(*entry)} : std::nullopt});
      continue;
    }
    for (const std::size_t index : log.open[entry->producer.id]) {
      log.records[index].state = entry->kind == LogEntry::Kind::commit_marker
                                     ? Record::State::committed
                                     : Record::State::aborted;
    }
    log.open.erase(entry->producer.id);
  }
  log.read = entries.end();
}

// A decision counts before its marker has arrived.
bool Changelogs::is_committed(const TopicPartition& partition, const Record& record) {
  if (record.state != Record::State::open) return record.state == Record::State::committed;
  kafka::memory::Broker::Turn turn{broker_};
  return std::ranges::any_of(turn->transactions.pending_markers(),
                             [&](const kafka::memory::PendingMarker& marker) {
                               return marker.commit && marker.partition == partition &&
                                      marker.producer.id == record.producer;
                             });
}

Changelogs::Log& Changelogs::log_of(const std::string& path) { return logs_[changelog_of(path)]; }

void Changelogs::check_batch(const std::string& path, std::span<const state::StorageWrite> writes,
                             const state::StorageMap& rows) {
  read();
  const TopicPartition changelog = changelog_of(path);
  const Log& log = logs_[changelog];
  Followed& followed = followed_[path];
  const Offset position = position_of(rows);
  if (position < followed.position) {
    broken(path, position, "it was at " + std::to_string(followed.position.value()) + " before");
  }
  check_passed(path, changelog, position);
  std::vector<const Record*> fresh;
  for (; followed.next < log.records.size(); ++followed.next) {
    const Record& record = log.records[followed.next];
    if (record.offset >= position) break;
    if (!is_committed(changelog, record)) {
      if (record.state == Record::State::open) followed.passed.push_back(followed.next);
      continue;
    }
    if (record.row) {
      followed.rows.insert_or_assign(record.key, *record.row);
    } else {
      followed.rows.erase(record.key);
    }
    fresh.push_back(&record);
  }
  followed.position = position;
  const auto check = [&](const std::string& key) {
    const auto expected = followed.rows.find(key);
    const std::optional<std::string> found = row(rows, key);
    const bool same = expected == followed.rows.end() ? !found : found == expected->second;
    if (!same) {
      broken(path, position,
             "its row \"" + key + "\" is not what the changelog before the position says");
    }
  };
  for (const state::StorageWrite& write : writes) check(std::string{write.key.text()});
  if (compacted_) return;
  for (const Record* record : fresh) check(record->key);
}

// A process that was taken for dead may write between the records of the new owner, until it learns
// that it may not commit.
void Changelogs::check_passed(const std::string& path, const TopicPartition& changelog,
                              Offset position) {
  const Log& log = logs_[changelog];
  for (const std::size_t index : followed_[path].passed) {
    const Record& record = log.records[index];
    if (!is_committed(changelog, record)) continue;
    broken(path, position,
           "the changelog record at " + std::to_string(record.offset.value()) +
               " was committed after the position had passed it");
  }
}

Offset Changelogs::committed_end(const std::string& path) {
  const TopicPartition changelog = changelog_of(path);
  const Log& log = logs_[changelog];
  for (auto record = log.records.rbegin(); record != log.records.rend(); ++record) {
    if (is_committed(changelog, *record)) return record->offset + 1;
  }
  return Offset{0};
}

bool Changelogs::up_to_date(const std::string& path, const state::StorageMap& rows) {
  read();
  return position_of(rows) >= committed_end(path);
}

void Changelogs::check_complete(const std::string& path, const state::StorageMap& rows) {
  read();
  const TopicPartition changelog = changelog_of(path);
  const Offset position = position_of(rows);
  const Offset end = committed_end(path);
  if (position < end) {
    broken(path, position,
           "committed changelog records up to " + std::to_string(end.value()) + " are not in it");
  }
  Rows expected;
  for (const Record& record : log_of(path).records) {
    if (!is_committed(changelog, record)) continue;
    if (record.row) {
      expected.insert_or_assign(record.key, *record.row);
    } else {
      expected.erase(record.key);
    }
  }
  std::size_t count = 0;
  for (const auto it = rows.range(state::ByteRange::all(), state::Direction::forward); it->valid();
       it->next()) {
    ++count;
    const auto at = expected.find(it->key().text());
    if (at == expected.end() || at->second != it->value().text()) {
      broken(path, position,
             "its row \"" + std::string{it->key().text()} + "\" is not that of the changelog");
    }
  }
  if (count != expected.size()) {
    broken(path, position,
           "it has " + std::to_string(count) + " rows, its changelog " +
               std::to_string(expected.size()));
  }
}

}  // namespace moldau::simulation
