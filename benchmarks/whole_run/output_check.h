#pragma once

#include "whole_run/key_ledger.h"
#include "whole_run/topic_reader.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace benchmarks {

// Compares what a program has written with what its input asks for.
class OutputCheck {
 public:
  virtual ~OutputCheck() = default;
  // One record of the output, in the order of its partition.
  virtual void add(const TopicRecord& record) = 0;
  // What is wrong, in a few sentences; empty if nothing is. Call it once, behind the last record.
  [[nodiscard]] virtual std::vector<std::string> differences() = 0;
};

// `topology` is pipe (every record that passes the filter, as it is and in its key's order), count
// (for each key 1, 2, 3 ... up to the number of its records, the last with their highest time) or
// count-cached (rising, with that same end); always in the partition that the key has in the input.
// `input` must outlive the check. Throws std::invalid_argument for another topology.
[[nodiscard]] std::unique_ptr<OutputCheck> make_output_check(std::string_view topology,
                                                             const KeyLedger& input);

}  // namespace benchmarks
