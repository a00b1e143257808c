#pragma once

#include "moldau/state/restore_listener.h"
#include "moldau/state/standby_listener.h"

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

namespace moldau {

// What an instance reads of the changelogs, by partition.
class Readings final : public StateRestoreListener, public StandbyUpdateListener {
 public:
  void on_restore_start(const TopicPartition&, std::string_view, Offset, Offset) override {}
  void on_batch_restored(const TopicPartition& changelog, std::string_view, Offset,
                         std::uint64_t records) override {
    const std::lock_guard lock{mutex_};
    restored_[changelog.partition.value()] += records;
  }
  void on_restore_end(const TopicPartition&, std::string_view, std::uint64_t) override {}
  void on_restore_suspended(const TopicPartition&, std::string_view, std::uint64_t) override {}

  void on_update_start(const TopicPartition& changelog, std::string_view, Offset from) override {
    const std::lock_guard lock{mutex_};
    begun_.insert_or_assign(changelog.partition.value(), from);
  }
  void on_batch_loaded(const TopicPartition& changelog, std::string_view, TaskId, Offset,
                       std::uint64_t records, std::optional<Offset>) override {
    const std::lock_guard lock{mutex_};
    loaded_[changelog.partition.value()] += records;
  }
  void on_update_suspended(const TopicPartition&, std::string_view, Offset, std::optional<Offset>,
                           StandbySuspended reason) override {
    const std::lock_guard lock{mutex_};
    suspended_.push_back(reason);
  }

  [[nodiscard]] std::uint64_t restored(std::int32_t partition = 0) const {
    const std::lock_guard lock{mutex_};
    const auto found = restored_.find(partition);
    return found == restored_.end() ? 0 : found->second;
  }
  [[nodiscard]] std::uint64_t loaded(std::int32_t partition = 0) const {
    const std::lock_guard lock{mutex_};
    const auto found = loaded_.find(partition);
    return found == loaded_.end() ? 0 : found->second;
  }
  [[nodiscard]] std::map<std::int32_t, Offset> begun() const {
    const std::lock_guard lock{mutex_};
    return begun_;
  }
  [[nodiscard]] std::vector<StandbySuspended> suspended() const {
    const std::lock_guard lock{mutex_};
    return suspended_;
  }

 private:
  mutable std::mutex mutex_;  // guards all
  std::map<std::int32_t, std::uint64_t> restored_;
  std::map<std::int32_t, std::uint64_t> loaded_;
  std::map<std::int32_t, Offset> begun_;
  std::vector<StandbySuspended> suspended_;
};

}  // namespace moldau
