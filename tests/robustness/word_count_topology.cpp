#include "robustness/word_count_topology.h"

#include "moldau/moldau.h"

#include <cstdint>
#include <sstream>
#include <utility>
#include <vector>

namespace robustness {

namespace {

std::vector<std::string> split(const std::string& line) {
  std::vector<std::string> words;
  std::istringstream text{line};
  for (std::string word; std::getline(text, word, ' ');) {
    if (!word.empty()) words.push_back(word);
  }
  return words;
}

}  // namespace

moldau::Topology word_count(const std::string& input, const std::string& output,
                            WordCountHooks hooks) {
  moldau::StreamsBuilder builder;
  builder.stream<std::string, std::string>(input)
      .flat_map_values([on_line = std::move(hooks.on_line)](const std::string& line) {
        on_line();
        return split(line);
      })
      .group_by([](const std::string& word) { return word; }, {.name = "words"})
      .count({.name = "counts", .caching = false})
      .to_stream()
      .peek(
          [on_count = std::move(hooks.on_count)](const std::string&, std::int64_t) { on_count(); })
      .to(output);
  return builder.build();
}

}  // namespace robustness
