#include "robustness/settled.h"

#include <cstdint>

namespace robustness {

std::vector<std::string> unprocessed(const Reader& reader, const std::string& topic,
                                     Behind allowed) {
  std::vector<std::string> problems;
  for (std::int32_t partition = 0; partition < reader.partitions(topic); ++partition) {
    const auto committed = reader.committed(topic, partition);
    const std::int64_t end = reader.range(topic, partition).end;
    const std::int64_t next = committed ? committed->offset : 0;
    std::int64_t left = 0;
    reader.read(
        topic, partition, [&](const Record&) { ++left; }, next);
    if (left > 0 || next > end || (allowed == Behind::nothing && next != end)) {
      problems.push_back(topic + "-" + std::to_string(partition) + ": committed offset " +
                         std::to_string(next) + ", log end " + std::to_string(end) + ", " +
                         std::to_string(left) + " records not processed");
    }
  }
  return problems;
}

std::vector<std::string> open_transactions(const Reader& reader,
                                           const std::vector<std::string>& topics) {
  std::vector<std::string> problems;
  for (const std::string& topic : topics) {
    for (std::int32_t partition = 0; partition < reader.partitions(topic); ++partition) {
      if (reader.range(topic, partition).open_transaction()) {
        problems.push_back(topic + "-" + std::to_string(partition) + ": a transaction is open");
      }
    }
  }
  return problems;
}

}  // namespace robustness
