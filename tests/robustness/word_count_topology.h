#pragma once

#include "moldau/topology/topology.h"

#include <functional>
#include <string>

namespace robustness {

// Called on the stream threads, while records are processed.
struct WordCountHooks {
  std::function<void()> on_line;   // before a line of the input is split
  std::function<void()> on_count;  // after a word is counted
};

// Words of the lines of topic `input` are counted into topic `output`. The words are whatever is
// between spaces. Two sub-topologies; every count is put out (no cache).
[[nodiscard]] moldau::Topology word_count(const std::string& input, const std::string& output,
                                          WordCountHooks hooks);

}  // namespace robustness
