#include "robustness/soak_topology.h"

#include "moldau/moldau.h"

#include "robustness/soak_event.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <sstream>
#include <utility>

namespace robustness {

namespace {

using namespace std::chrono_literals;

// Tells each record, with the task that it is in, and passes it on.
class Watch final : public moldau::FixedKeyProcessor<std::string, std::string, std::string> {
 public:
  explicit Watch(OnTaskRecord on_record) : on_record_(std::move(on_record)) {}

  void process(const moldau::FixedKeyRecord<std::string, std::string>& record) override {
    on_record_(context().task_id());
    context().forward(record);
  }

 private:
  OnTaskRecord on_record_;
};

// "EVENTS SUM DIGEST". The digest depends on the order of the events.
std::string add(const std::string& total, const std::string& text) {
  std::istringstream words{total};
  std::uint64_t events = 0;
  std::uint64_t sum = 0;
  std::uint64_t digest = 0;
  words >> events >> sum >> digest;
  const SoakEvent event = SoakEvent::parse(text);
  digest = digest * 31 + static_cast<std::uint64_t>(event.number);
  sum += static_cast<std::uint64_t>(event.amount);
  return std::to_string(events + 1) + " " + std::to_string(sum) + " " + std::to_string(digest);
}

std::string join(const std::string& event, const std::string* version) {
  return event.substr(0, event.find(' ')) + " " + (version != nullptr ? *version : "0");
}

}  // namespace

moldau::Topology soak_topology(const SoakTopics& topics, OnTaskRecord on_record) {
  const auto watch = [on_record = std::move(on_record)] {
    return std::make_unique<Watch>(on_record);
  };
  moldau::StreamsBuilder builder;
  const auto profiles =
      builder.table<std::string, std::string>(topics.profiles, {}, {.name = "profiles"});
  const auto by_user =
      builder.stream<std::string, std::string>(topics.events)
          .process_values(watch)
          .select_key([](const std::string& event) { return SoakEvent::parse(event).user; })
          .repartition({.name = "by-user"})
          .process_values(watch);

  by_user.group_by_key().count({.name = "counts", .caching = false}).to_stream().to(topics.counts);
  by_user.group_by_key()
      .aggregate([] { return std::string{}; }, add, {.name = "totals"})
      .to_stream()
      .to(topics.totals);
  // However the partitions of the input interleave, no event is late.
  by_user.group_by_key()
      .windowed_by(moldau::TimeWindows{.size = 10s, .grace = 48h})
      .count({.name = "windows"})
      .to_stream()
      .select_key([](const moldau::Windowed<std::string>& window, std::int64_t) {
        return window.key + "@" + std::to_string(window.window.start.milliseconds());
      })
      .to(topics.windows);
  by_user.left_join(profiles, join).to(topics.joined);
  return builder.build();
}

}  // namespace robustness
