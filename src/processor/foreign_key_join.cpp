#include "moldau/processor/foreign_key_join.h"

#include "moldau/base/error.h"

#include <string>

namespace moldau::inline v0::processor {

ForeignKeyJoinParts::~ForeignKeyJoinParts() = default;

void check_one_partition(const Partitioning& chosen, std::string_view topic) {
  if (chosen.is_by_key()) return;
  const auto count = chosen.end() - chosen.begin();
  if (count == 1) return;
  throw StreamsError("a partitioner of the foreign-key join chose " + std::to_string(count) +
                     " partitions of topic \"" + std::string{topic} +
                     "\" for one message: it must choose exactly one, or by_key()");
}

}  // namespace moldau::inline v0::processor
