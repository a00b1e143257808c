#pragma once

#include "moldau/base/ids.h"

#include "kafka/memory/log_entry.h"

#include <iterator>
#include <map>
#include <utility>

namespace moldau::inline v0::kafka::memory {

// Which stretches of a log belong to aborted transactions.
class AbortedTransactions {
 public:
  // The producer's records from `first` up to its marker at `marker` were aborted.
  void add(ProducerId producer, Offset first, Offset marker) {
    last_by_first_.emplace(std::pair{producer, first}, marker);
  }

  [[nodiscard]] bool contains(const LogEntry& entry) const {
    if (!entry.transactional || last_by_first_.empty()) return false;
    const auto after = last_by_first_.upper_bound(std::pair{entry.producer.id, entry.offset});
    if (after == last_by_first_.begin()) return false;
    const auto& [from, marker] = *std::prev(after);
    return from.first == entry.producer.id && entry.offset < marker;
  }

 private:
  std::map<std::pair<ProducerId, Offset>, Offset> last_by_first_;
};

}  // namespace moldau::inline v0::kafka::memory
