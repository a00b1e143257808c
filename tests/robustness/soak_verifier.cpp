// Says whether a soak is right, from what committed readers of Kafka see. Knows nothing of the
// library that did the work: it computes again, by plain loops over the inputs.
//
//   soak_verifier --brokers B --group APPLICATION_ID --topics PREFIX --events N [--stores FOLDER]
//                 [--guarantee at_least_once] [--compacted]
//
// FOLDER has a file for each store, what store_dump printed. Under exactly_once_v2 (the default)
// each event must have come out once, those of a user in their order, and all that is counted must
// be what the input comes to. Under at_least_once events may be repeated, and counts be higher.
// --compacted: changelogs do not have everything any more, so that stores that have fallen behind
// cannot be compared with them.
// Ends with `N lost, N doubled, N out of order`; status 0 only if all is well.

#include "robustness/bare_kafka.h"
#include "robustness/sequence_ledger.h"
#include "robustness/settled.h"
#include "robustness/soak_model.h"
#include "robustness/store_check.h"
#include "robustness/word_ledger.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace {

using robustness::Reader;
using robustness::Record;
using robustness::SequenceLedger;
using robustness::SoakEvent;
using robustness::SoakModel;
using robustness::WordLedger;

struct Options {
  std::string brokers;
  std::string group;
  std::string topics;
  std::string stores;
  std::string guarantee = "exactly_once_v2";
  std::int64_t events = 0;
  robustness::Changelogs changelogs = robustness::Changelogs::whole;
};

std::string text(const std::optional<std::string_view>& bytes) {
  return std::string{bytes.value_or(std::string_view{})};
}

class Verifier {
 public:
  explicit Verifier(Options options)
      : options_(std::move(options)), reader_(options_.brokers, options_.group) {}

  // True if all is well. Prints what it found.
  bool run() {
    read_inputs();
    read_joined();
    read_counts();
    read_totals();
    read_windows();
    check_store("counts", model_.counts());
    check_store("totals", model_.totals());
    check_store("windows", model_.windows());
    check_store("profiles", model_.profiles());
    check_settled();
    return report();
  }

 private:
  static constexpr std::size_t most_examples = 10;

  [[nodiscard]] bool exactly_once() const { return options_.guarantee == "exactly_once_v2"; }
  [[nodiscard]] std::string topic(const std::string& name) const {
    return options_.topics + "-" + name;
  }
  [[nodiscard]] std::string own_topic(const std::string& name) const {
    return options_.group + "-" + name;
  }

  void problem(std::string text) { problems_.push_back(std::move(text)); }
  void take(std::vector<std::string> problems) {
    for (std::string& text : problems) problem(std::move(text));
  }
  void example(std::string text) {
    if (examples_.size() < most_examples) examples_.push_back(std::move(text));
  }

  void read_inputs() {
    std::set<std::int64_t> numbers;
    std::int64_t records = 0;
    reader_.read_all(topic("events"), [&](const Record& record) {
      const SoakEvent event = SoakEvent::parse(text(record.value));
      numbers.insert(event.number);
      ++records;
      model_.event(event, record.timestamp);
      joined_.expect(event.user, event.number);
      counts_.expect(event.user);
    });
    std::int64_t profiles = 0;
    reader_.read_all(topic("profiles"), [&](const Record& record) {
      model_.profile(text(record.key),
                     record.value ? std::optional{text(record.value)} : std::nullopt);
      ++profiles;
    });
    std::printf("input: %lld events, %lld profiles\n", static_cast<long long>(records),
                static_cast<long long>(profiles));
    const auto different = static_cast<std::int64_t>(numbers.size());
    if (different != options_.events || *numbers.rbegin() != options_.events) {
      problem("the input has " + std::to_string(different) + " events, " +
              std::to_string(options_.events) + " were sent");
    }
  }

  // Each event, with the version of its user's profile.
  void read_joined() {
    std::unordered_map<std::string, std::int64_t> versions;
    std::int64_t back = 0;
    std::int64_t records = 0;
    reader_.read_all(topic("joined"), [&](const Record& record) {
      const std::string user = text(record.key);
      const std::string value = text(record.value);
      const std::size_t space = value.find(' ');
      joined_.see(user, std::stoll(value.substr(0, space)));
      const std::int64_t version = std::stoll(value.substr(space + 1));
      if (version < versions[user] && back++ == 0) {
        example(user + ": profile " + std::to_string(version) + " after profile " +
                std::to_string(versions[user]));
      }
      versions[user] = version;
      ++records;
    });
    std::printf("joined: %lld events\n", static_cast<long long>(records));
    if (back > 0 && exactly_once()) {
      problem(topic("joined") + ": " + std::to_string(back) + " profiles were older than before");
    }
  }

  void read_counts() {
    reader_.read_all(topic("counts"), [&](const Record& record) {
      counts_.see(text(record.key), robustness::number_in(record.value.value()));
    });
  }

  // Not each total comes out (there is a cache), but those that do are of more and more events.
  void read_totals() {
    std::unordered_map<std::string, std::size_t> events;
    reader_.read_all(topic("totals"), [&](const Record& record) {
      const std::string user = text(record.key);
      const std::string found = text(record.value);
      const std::size_t count = std::stoull(found);
      const std::size_t before = std::exchange(events[user], count);
      if (!exactly_once()) return;
      const std::string expected = model_.total(user, count);
      if (count <= before) {
        ++doubled_;
        example(user + ": total of " + std::to_string(count) + " events after one of " +
                std::to_string(before));
      } else if (found != expected) {
        ++reordered_;
        example(user + ": total " + found + ", expected " + expected);
      }
    });
    for (const auto& [user, expected] : model_.totals()) {
      const auto total = static_cast<std::int64_t>(std::stoull(expected));
      compare("total of " + user, total, static_cast<std::int64_t>(events[user]));
    }
  }

  void read_windows() {
    std::unordered_map<std::string, std::int64_t> counts;
    reader_.read_all(topic("windows"), [&](const Record& record) {
      const std::string window = text(record.key);
      const std::int64_t count = robustness::number_in(record.value.value());
      const std::int64_t before = std::exchange(counts[window], count);
      if (count <= before && exactly_once()) {
        ++doubled_;
        example("window " + window + ": " + std::to_string(count) + " after " +
                std::to_string(before));
      }
    });
    for (const auto& [window, expected] : model_.window_counts()) {
      compare("window " + window, expected, counts[window]);
      counts.erase(window);
    }
    for (const auto& [window, count] : counts) problem("window " + window + " has no events");
  }

  // A final number: what is missing was lost, what is too much was counted twice.
  void compare(const std::string& what, std::int64_t expected, std::int64_t found) {
    lost_ += std::max<std::int64_t>(0, expected - found);
    doubled_ += std::max<std::int64_t>(0, found - expected);
    if (found < expected || (found > expected && exactly_once())) {
      example(what + ": " + std::to_string(found) + ", expected " + std::to_string(expected));
    }
  }

  // changelog == model, and store == changelog.
  void check_store(const std::string& name, const SoakModel::Rows& expected) {
    const std::string changelog = own_topic(name + "-changelog");
    std::vector<robustness::DumpedStore> stores;
    if (!options_.stores.empty()) {
      std::ifstream file{options_.stores + "/" + name};
      if (!file) throw std::runtime_error("cannot read " + options_.stores + "/" + name);
      stores = robustness::read_dump(file);
    }
    SoakModel::Rows rows;
    for (std::int32_t partition = 0; partition < reader_.partitions(changelog); ++partition) {
      const auto records = robustness::read_changelog(reader_, changelog, partition);
      for (const auto& record : records) {
        if (record.value) rows[record.key] = *record.value;
        if (!record.value) rows.erase(record.key);
      }
      if (!options_.stores.empty()) {
        take(robustness::compare_stores(partition, records, stores, options_.changelogs));
      }
    }
    std::size_t entries = 0;
    for (const auto& store : stores) entries += store.entries.size();
    std::printf("%s: %zu rows; %zu stores, %zu entries\n", name.c_str(), rows.size(), stores.size(),
                entries);
    if (!exactly_once() && name != "profiles") return;  // counts may be higher, see the outputs
    for (const auto& [key, value] : expected) {
      const auto found = rows.find(key);
      if (found == rows.end() || found->second != value) {
        problem(changelog + ": the row of \"" + key.substr(0, key.find('\0')) +
                "\" is not what the input comes to");
        return;
      }
    }
    if (rows.size() != expected.size()) problem(changelog + " has rows that nothing led to");
  }

  void check_settled() {
    using robustness::Behind;
    take(robustness::unprocessed(reader_, topic("events"), Behind::nothing));
    take(robustness::unprocessed(reader_, topic("profiles"), Behind::nothing));
    take(robustness::unprocessed(reader_, own_topic("by-user-repartition"), Behind::markers));
    std::vector<std::string> written{own_topic("by-user-repartition")};
    for (const char* name : {"joined", "counts", "totals", "windows"}) {
      written.push_back(topic(name));
    }
    for (const char* name : {"counts", "totals", "windows", "profiles"}) {
      written.push_back(own_topic(std::string{name} + "-changelog"));
    }
    take(robustness::open_transactions(reader_, written));
  }

  bool report() {
    const robustness::SequenceVerdict joined = joined_.verdict();
    const robustness::Verdict counts = counts_.verdict();
    std::int64_t lost = lost_ + joined.lost + counts.lost;
    std::int64_t doubled = doubled_ + joined.doubled + counts.doubled;
    const std::int64_t reordered = reordered_ + joined.reordered;
    if (exactly_once()) {
      lost += counts.gaps;
      doubled += counts.repeats;
    }
    if (lost > 0 || reordered > 0 || (doubled > 0 && exactly_once())) {
      for (const auto& list : {joined.examples, counts.examples, examples_}) {
        for (const std::string& example : list) std::printf("  %s\n", example.c_str());
      }
    }
    for (const std::string& text : problems_) std::printf("wrong: %s\n", text.c_str());
    std::printf("%lld lost, %lld doubled, %lld out of order\n", static_cast<long long>(lost),
                static_cast<long long>(doubled), static_cast<long long>(reordered));
    return problems_.empty() && lost == 0 && reordered == 0 && (doubled == 0 || !exactly_once());
  }

  Options options_;
  Reader reader_;
  SoakModel model_;
  SequenceLedger joined_;
  WordLedger counts_;
  std::int64_t lost_ = 0;
  std::int64_t doubled_ = 0;
  std::int64_t reordered_ = 0;
  std::vector<std::string> examples_;
  std::vector<std::string> problems_;
};

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Says whether a soak is right"};
  Options options;
  app.add_option("--brokers", options.brokers)->required();
  app.add_option("--group", options.group)->required();
  app.add_option("--topics", options.topics)->required();
  app.add_option("--events", options.events)->required();
  app.add_option("--stores", options.stores);
  app.add_option("--guarantee", options.guarantee)
      ->check(CLI::IsMember({"exactly_once_v2", "at_least_once"}));
  app.add_flag_callback("--compacted",
                        [&] { options.changelogs = robustness::Changelogs::compacted; });
  CLI11_PARSE(app, argc, argv);

  try {
    return Verifier{std::move(options)}.run() ? 0 : 1;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "soak_verifier: %s\n", e.what());
    return 2;
  }
}
