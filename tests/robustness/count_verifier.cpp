// Says whether a word count is right, from what committed readers of Kafka see. Knows nothing of
// the library that counted.
//
//   count_verifier --brokers B --group APPLICATION_ID --input TOPIC --output TOPIC --changelog
//   TOPIC
//                  --repartition TOPIC --lines N [--stores FILE] [--guarantee at_least_once]
//
// FILE is what store_dump printed. Under exactly_once_v2 (the default) the counts of a word must
// come out as 1, 2, 3 ... up to its occurrences in the input; under at_least_once it is enough that
// none is lost, and what is doubled is reported. Ends with `N lost, N doubled`; status 0 only if
// all is well.

#include "robustness/bare_kafka.h"
#include "robustness/settled.h"
#include "robustness/store_check.h"
#include "robustness/word_ledger.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <vector>

namespace {

using robustness::Reader;
using robustness::Record;
using robustness::WordLedger;

struct Options {
  std::string brokers;
  std::string group;
  std::string input;
  std::string output;
  std::string changelog;
  std::string repartition;
  std::string stores;
  std::string guarantee = "exactly_once_v2";
  std::int64_t lines = 0;
};

std::int64_t count_in(const std::optional<std::string_view>& value) {
  if (!value || value->size() != 8) throw std::runtime_error("a count is not eight bytes long");
  std::uint64_t count = 0;
  for (const char c : *value) count = (count << 8U) | static_cast<unsigned char>(c);
  return static_cast<std::int64_t>(count);
}

class Verifier {
 public:
  explicit Verifier(Options options)
      : options_(std::move(options)), reader_(options_.brokers, options_.group) {}

  // True if all is well. Prints what it found.
  bool run() {
    read_input();
    see_counts(options_.output, output_);
    check_changelog();
    check_offsets();
    check_transactions();
    return report();
  }

 private:
  [[nodiscard]] bool exactly_once() const { return options_.guarantee == "exactly_once_v2"; }

  void problem(std::string text) { problems_.push_back(std::move(text)); }
  void take(std::vector<std::string> problems) {
    for (std::string& text : problems) problem(std::move(text));
  }

  void read_input() {
    std::int64_t lines = 0;
    reader_.read_all(options_.input, [&](const Record& record) {
      ++lines;
      output_.expect_words_of(record.value.value_or(std::string_view{}));
      changelog_.expect_words_of(record.value.value_or(std::string_view{}));
    });
    std::printf("input: %lld lines, %lld words\n", static_cast<long long>(lines),
                static_cast<long long>(output_.expected_total()));
    if (lines != options_.lines) {
      problem("the input has " + std::to_string(lines) + " lines, " +
              std::to_string(options_.lines) + " were sent");
    }
  }

  // The counts of a topic, and that each word stays in one partition.
  void see_counts(const std::string& topic, WordLedger& ledger) {
    std::unordered_map<std::string, std::int32_t> homes;
    std::int64_t strays = 0;
    std::int64_t records = 0;
    reader_.read_all(topic, [&](const Record& record) {
      const std::string word{record.key.value()};
      if (homes.emplace(word, record.partition).first->second != record.partition) ++strays;
      ledger.see(word, count_in(record.value));
      ++records;
    });
    std::printf("%s: %lld counts\n", topic.c_str(), static_cast<long long>(records));
    if (strays > 0) {
      problem(topic + ": " + std::to_string(strays) +
              " counts in another partition than the first of their word");
    }
  }

  void check_changelog() {
    see_counts(options_.changelog, changelog_);
    std::vector<robustness::DumpedStore> stores;
    if (!options_.stores.empty()) {
      std::ifstream file{options_.stores};
      if (!file) throw std::runtime_error("cannot read " + options_.stores);
      stores = robustness::read_dump(file);
    }
    const std::int32_t partitions = reader_.partitions(options_.changelog);
    for (std::int32_t partition = 0; partition < partitions; ++partition) {
      const auto records = robustness::read_changelog(reader_, options_.changelog, partition);
      for (const auto& record : records) {
        // The last count of a word in the changelog is the last one that was put out.
        if (changelog_.last(record.key) != output_.last(record.key)) {
          problem("\"" + record.key + "\" ends with " +
                  std::to_string(changelog_.last(record.key)) + " in the changelog, with " +
                  std::to_string(output_.last(record.key)) + " in the output");
          break;
        }
      }
      if (options_.stores.empty()) continue;
      take(robustness::compare_stores(partition, records, stores));
    }
    if (!options_.stores.empty()) {
      std::size_t entries = 0;
      for (const auto& store : stores) entries += store.entries.size();
      std::printf("stores: %zu, %zu entries\n", stores.size(), entries);
    }
  }

  void check_offsets() {
    take(robustness::unprocessed(reader_, options_.input, robustness::Behind::nothing));
    take(robustness::unprocessed(reader_, options_.repartition, robustness::Behind::markers));
  }

  void check_transactions() {
    take(robustness::open_transactions(
        reader_, {options_.output, options_.changelog, options_.repartition}));
  }

  bool report() {
    const robustness::Verdict output = output_.verdict();
    const robustness::Verdict changelog = changelog_.verdict();
    std::printf("output: %lld words, %lld gaps, %lld repeats; changelog: %lld gaps, %lld repeats\n",
                static_cast<long long>(output.words), static_cast<long long>(output.gaps),
                static_cast<long long>(output.repeats), static_cast<long long>(changelog.gaps),
                static_cast<long long>(changelog.repeats));
    // What is wrong shows in both topics; it is told once.
    std::int64_t lost = std::max(output.lost, changelog.lost);
    std::int64_t doubled = std::max(output.doubled, changelog.doubled);
    if (exactly_once()) {
      lost += std::max(output.gaps, changelog.gaps);
      doubled += std::max(output.repeats, changelog.repeats);
      if (lost > 0 || doubled > 0) {
        for (const std::string& example : output.examples) std::printf("  %s\n", example.c_str());
      }
    }
    for (const std::string& text : problems_) std::printf("wrong: %s\n", text.c_str());
    std::printf("%lld lost, %lld doubled\n", static_cast<long long>(lost),
                static_cast<long long>(doubled));
    return problems_.empty() && lost == 0 && (doubled == 0 || !exactly_once());
  }

  Options options_;
  Reader reader_;
  WordLedger output_;
  WordLedger changelog_;
  std::vector<std::string> problems_;
};

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Says whether a word count is right"};
  Options options;
  app.add_option("--brokers", options.brokers)->required();
  app.add_option("--group", options.group)->required();
  app.add_option("--input", options.input)->required();
  app.add_option("--output", options.output)->required();
  app.add_option("--changelog", options.changelog)->required();
  app.add_option("--repartition", options.repartition)->required();
  app.add_option("--lines", options.lines)->required();
  app.add_option("--stores", options.stores);
  app.add_option("--guarantee", options.guarantee)
      ->check(CLI::IsMember({"exactly_once_v2", "at_least_once"}));
  CLI11_PARSE(app, argc, argv);

  try {
    return Verifier{std::move(options)}.run() ? 0 : 1;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "count_verifier: %s\n", e.what());
    return 2;
  }
}
