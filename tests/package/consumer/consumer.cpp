// Uses the library as its users find it: installed, or as a part of their own build.

#include <moldau/moldau.h>
#include <moldau/serde/json.h>
#include <moldau/testing/topology_test_driver.h>

#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>

int main() {
  moldau::StreamsBuilder builder;
  builder.stream<std::string, std::string>("words")
      .group_by([](const std::string& word) { return word; })
      .count({.name = "counts"})
      .to_stream()
      .to("word-counts");
  moldau::testing::TopologyTestDriver driver{builder.build(), {.application_id = "consumer"}};
  auto words = driver.input_topic<std::string, std::string>("words");
  auto counts = driver.output_topic<std::string, std::int64_t>("word-counts");

  for (const char* word : {"to", "be", "or", "not", "to", "be"}) words.pipe_value(word);

  std::string seen;
  for (const auto& [word, count] : counts.read_key_values()) {
    seen += *word + ":" + std::to_string(*count) + " ";
  }
  std::printf("moldau %s: %s\n", MOLDAU_VERSION, seen.c_str());
  return seen == "to:1 be:1 or:1 not:1 to:2 be:2 " ? 0 : 1;
}
