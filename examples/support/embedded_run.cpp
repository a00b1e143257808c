#include "support/embedded_run.h"

#include <cstdlib>
#include <stdexcept>
#include <thread>
#include <utility>

namespace examples {

namespace {

constexpr const char* application_id = "example";

// In the order in which records pass them.
std::vector<std::string> topics_read(const moldau::topology::TopologyPlan& plan) {
  std::vector<std::string> topics;
  for (const moldau::topology::NodeSpec& node : plan.nodes) {
    if (node.kind != moldau::topology::NodeKind::source || node.global) continue;
    for (const std::string& topic : node.topics) {
      topics.push_back(plan.find_repartition_topic(topic) == nullptr
                           ? topic
                           : moldau::topology::internal_topic_name(application_id, topic));
    }
  }
  return topics;
}

std::filesystem::path make_state_dir() {
  std::string pattern = (std::filesystem::temp_directory_path() / "moldau-example-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
  return pattern;
}

moldau::Config configuration(const std::filesystem::path& state_dir,
                             moldau::ProcessorWrapper wrapper) {
  moldau::Config config{.application_id = application_id,
                        .processing_guarantee = moldau::ProcessingGuarantee::exactly_once_v2};
  config.state_dir = state_dir;
  config.processor_wrapper = std::move(wrapper);
  config.statestore_cache_max_bytes = 0;  // show every update
  config.logger = moldau::make_console_logger(moldau::LogLevel::error);
  return config;
}

}  // namespace

EmbeddedRun::EmbeddedRun(moldau::Topology topology,
                         const std::map<std::string, std::int32_t>& topics,
                         moldau::ProcessorWrapper wrapper)
    : state_dir_(make_state_dir()),
      inputs_(topics_read(topology.plan())),
      streams_(std::move(topology), configuration(state_dir_, std::move(wrapper)),
               broker_.environment()) {
  for (const auto& [name, partitions] : topics) broker_.create_topic(name, partitions);
}

EmbeddedRun::~EmbeddedRun() {
  streams_.close();
  std::error_code ignored;
  std::filesystem::remove_all(state_dir_, ignored);
}

bool EmbeddedRun::failed() const { return streams_.state() == moldau::StreamsState::error; }

bool EmbeddedRun::running() const { return streams_.state() == moldau::StreamsState::running; }

bool EmbeddedRun::run_to_end() {
  start();
  return wait_until_caught_up();
}

bool EmbeddedRun::wait_until_caught_up() {
  return wait_until([this] { return caught_up(); });
}

bool EmbeddedRun::wait_until(const std::function<bool()>& condition) {
  while (!condition()) {
    if (failed()) return false;
    wait(std::chrono::milliseconds{20});
  }
  return true;
}

// What a topic held when the group was found to have caught up with it has led to everything that
// the topics behind it hold.
bool EmbeddedRun::caught_up() const {
  return std::ranges::all_of(inputs_, [this](const std::string& topic) {
    return broker_.partitions(topic).has_value() && broker_.caught_up(application_id, topic);
  });
}

void EmbeddedRun::wait(std::chrono::milliseconds time) { std::this_thread::sleep_for(time); }

std::int64_t EmbeddedRun::committed_total(const std::string& topic) const {
  std::int64_t total = 0;
  for (const auto& [key, count] : latest<std::string, std::int64_t>(topic)) total += count;
  return total;
}

}  // namespace examples
