#pragma once

#include "robustness/bare_kafka.h"

#include <string>
#include <vector>

namespace robustness {

enum class Behind {
  nothing,  // the group has committed the log's end
  markers,  // behind what it has committed there may be markers of transactions, but no record
};

// Where the group of the reader has not got to the end of a topic. Returns what is wrong.
[[nodiscard]] std::vector<std::string> unprocessed(const Reader& reader, const std::string& topic,
                                                   Behind allowed);

// Partitions of topics with a transaction that is neither committed nor aborted. Pending offsets
// need no look of their own: Reader::committed() would have waited for them.
[[nodiscard]] std::vector<std::string> open_transactions(const Reader& reader,
                                                         const std::vector<std::string>& topics);

}  // namespace robustness
