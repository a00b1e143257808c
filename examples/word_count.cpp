// Counts words.
//
//   word_count
//       counts a bundled text on a broker inside this process, then ends
//   word_count --input FILE
//       counts another text
//   word_count --bootstrap HOST:PORT [--guarantee exactly_once_v2]
//   word_count --config FILE
//       runs on a real cluster until SIGINT or SIGTERM: reads topic `lines`,
//       writes topic `word-counts`; both must exist
//
// On a terminal it shows a live table, otherwise plain lines.

#include "moldau/moldau.h"

#include "support/embedded_run.h"
#include "support/word_table.h"
#include "support/words.h"

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace {

using examples::WordTable;

constexpr const char* lines = "lines";
constexpr const char* counts = "word-counts";

// The whole program. `seen` is told about every count on its way out.
moldau::Topology word_count(WordTable& seen) {
  moldau::StreamsBuilder builder;
  builder.stream<std::string, std::string>(lines)
      .flat_map_values([](const std::string& line) { return examples::split_words(line); })
      .group_by([](const std::string& word) { return word; }, {.name = "words"})
      .count({.name = "counts"})
      .to_stream()
      .peek([&seen](const std::string& word, std::int64_t count) { seen.update(word, count); })
      .to(counts);
  return builder.build();
}

// On a broker inside this process: everything is counted when the counts in the output topic add up
// to the words of the text.
int count_text(const std::string& file) {
  const std::vector<std::string> text = examples::read_lines(file);
  WordTable table;
  examples::EmbeddedRun run{word_count(table), {{lines, 3}, {counts, 3}}};
  for (const std::string& line : text) {
    run.broker().produce<std::string, std::string>(lines, std::nullopt, line);
  }
  run.start();
  const std::int64_t words = examples::count_words(text);
  while (table.total() < words || run.committed_total(counts) < words) {
    if (run.failed()) return 1;
    table.show();
    run.wait(std::chrono::milliseconds{100});
  }
  table.show_final(run.latest<std::string, std::int64_t>(counts));
  return 0;
}

int run_on_cluster(moldau::Config config) {
  WordTable table;
  table.show_updates();
  moldau::Streams streams{word_count(table), std::move(config)};
  return streams.run_until_signal();
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Counts words with moldau"};
  std::string input = EXAMPLES_DATA "/river.txt";
  std::string config_file;
  std::string bootstrap;
  std::string guarantee = "at_least_once";
  auto* to_count = app.add_option("--input", input, "count this text, on a broker in this process");
  auto* cluster = app.add_option("--bootstrap", bootstrap, "run on a cluster: HOST:PORT");
  app.add_option("--guarantee", guarantee, "at_least_once or exactly_once_v2")->needs(cluster);
  app.add_option("--config", config_file, "run on a cluster, as this properties file says")
      ->excludes(cluster)
      ->excludes(to_count);
  cluster->excludes(to_count);
  CLI11_PARSE(app, argc, argv);

  try {
    if (!config_file.empty()) return run_on_cluster(moldau::Config::from_properties(config_file));
    if (bootstrap.empty()) return count_text(input);
    moldau::Config config{.application_id = "word-count", .bootstrap_servers = bootstrap};
    config.set("processing.guarantee", guarantee);
    return run_on_cluster(std::move(config));
  } catch (const std::exception& e) {
    std::fprintf(stderr, "word_count: %s\n", e.what());
    return 1;
  }
}
