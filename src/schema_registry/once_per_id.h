#pragma once

#include "moldau/serde/schema_registry.h"

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>

namespace moldau::inline v0::schema_registry {

// Something that is made once for each schema id, and kept. Records of a topic mostly have the same
// id as the one before them: that one is found without a lock. Any thread.
template <class T>
class OncePerId {
 public:
  // `make(id)` returns a unique_ptr<const T>; two threads that meet an id together may both call
  // it.
  template <class Make>
  const T& get(SchemaId id, Make make) const {
    const Entry* latest = latest_.load(std::memory_order_acquire);
    if (latest != nullptr && latest->id == id) return *latest->value;
    return find(id, make);
  }

 private:
  struct Entry {
    SchemaId id;
    std::unique_ptr<const T> value;
  };

  template <class Make>
  const T& find(SchemaId id, Make make) const {
    {
      const std::shared_lock lock{mutex_};
      if (const auto found = entries_.find(id); found != entries_.end()) {
        latest_.store(&found->second, std::memory_order_release);
        return *found->second.value;
      }
    }
    std::unique_ptr<const T> made = make(id);
    const std::lock_guard lock{mutex_};
    const Entry& entry = entries_.try_emplace(id, Entry{id, std::move(made)}).first->second;
    latest_.store(&entry, std::memory_order_release);
    return *entry.value;
  }

  mutable std::atomic<const Entry*> latest_ = nullptr;  // into entries_, which never lose one
  mutable std::shared_mutex mutex_;                     // guards entries_
  mutable std::map<SchemaId, Entry> entries_;
};

}  // namespace moldau::inline v0::schema_registry
