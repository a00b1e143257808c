// Makes and deletes topics:
//
//   topic_admin create NAME PARTITIONS [KEY=VALUE...]
//                                    one replica, kept for ever: what is loaded carries old times
//   topic_admin delete PREFIX        every topic whose name starts with it

#include "whole_run/kafka.h"

#include <array>
#include <chrono>
#include <cstdio>
#include <exception>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

using benchmarks::check;
using benchmarks::Client;
using benchmarks::Handle;

constexpr int answer_timeout_ms = 30'000;
constexpr int visible_tries = 200;
constexpr std::chrono::milliseconds visible_pause{50};

struct DestroyAdminObject {
  void operator()(rd_kafka_NewTopic_t* topic) const noexcept { rd_kafka_NewTopic_destroy(topic); }
  void operator()(rd_kafka_DeleteTopic_t* topic) const noexcept {
    rd_kafka_DeleteTopic_destroy(topic);
  }
};

Handle<rd_kafka_event_t> answer(const benchmarks::QueueHandle& queue) {
  Handle<rd_kafka_event_t> event{rd_kafka_queue_poll(queue.get(), answer_timeout_ms)};
  if (event == nullptr) throw std::runtime_error("the broker does not answer");
  check(rd_kafka_event_error(event.get()), "asking the broker");
  return event;
}

void wait_until_visible(const Client& client, const std::string& name, int partitions) {
  for (int i = 0; i < visible_tries; ++i) {
    try {
      if (benchmarks::partition_count(client, name) == partitions) return;
    } catch (const std::runtime_error&) {
      // Not known to this broker yet.
    }
    std::this_thread::sleep_for(visible_pause);
  }
  throw std::runtime_error(name + " has no leaders");
}

void configure(rd_kafka_NewTopic_t* topic, const std::string& setting) {
  const std::size_t equals = setting.find('=');
  if (equals == std::string::npos) throw std::runtime_error("expected KEY=VALUE: " + setting);
  check(rd_kafka_NewTopic_set_config(topic, setting.substr(0, equals).c_str(),
                                     setting.substr(equals + 1).c_str()),
        setting);
}

void create(const Client& client, const std::string& name, int partitions,
            std::span<const std::string> settings) {
  std::array<char, 512> error{};
  const std::unique_ptr<rd_kafka_NewTopic_t, DestroyAdminObject> topic{
      rd_kafka_NewTopic_new(name.c_str(), partitions, 1, error.data(), error.size())};
  if (topic == nullptr) throw std::runtime_error(error.data());
  configure(topic.get(), "retention.ms=-1");
  for (const std::string& setting : settings) configure(topic.get(), setting);
  const benchmarks::QueueHandle queue{rd_kafka_queue_new(client.get())};
  rd_kafka_NewTopic_t* asked = topic.get();
  rd_kafka_CreateTopics(client.get(), &asked, 1, nullptr, queue.get());
  const Handle<rd_kafka_event_t> event = answer(queue);
  std::size_t count = 0;
  const rd_kafka_topic_result_t** results =
      rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event.get()), &count);
  for (std::size_t i = 0; i < count; ++i) check(rd_kafka_topic_result_error(results[i]), name);
  wait_until_visible(client, name, partitions);
}

std::vector<std::string> names_with(const Client& client, std::string_view prefix) {
  const rd_kafka_metadata_t* metadata = nullptr;
  check(rd_kafka_metadata(client.get(), 1, nullptr, &metadata, answer_timeout_ms),
        "listing topics");
  const Handle<const rd_kafka_metadata_t> owned{metadata};
  std::vector<std::string> names;
  for (int i = 0; i < metadata->topic_cnt; ++i) {
    const std::string_view name = metadata->topics[i].topic;
    if (name.starts_with(prefix)) names.emplace_back(name);
  }
  return names;
}

void remove(const Client& client, std::string_view prefix) {
  std::vector<std::unique_ptr<rd_kafka_DeleteTopic_t, DestroyAdminObject>> topics;
  std::vector<rd_kafka_DeleteTopic_t*> asked;
  for (const std::string& name : names_with(client, prefix)) {
    topics.emplace_back(rd_kafka_DeleteTopic_new(name.c_str()));
    asked.push_back(topics.back().get());
  }
  if (asked.empty()) return;
  const benchmarks::QueueHandle queue{rd_kafka_queue_new(client.get())};
  rd_kafka_DeleteTopics(client.get(), asked.data(), asked.size(), nullptr, queue.get());
  static_cast<void>(answer(queue));
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  try {
    if (arguments.size() >= 3 && arguments[0] == "create") {
      create(benchmarks::make_client(RD_KAFKA_PRODUCER, {}), arguments[1], std::stoi(arguments[2]),
             std::span{arguments}.subspan(3));
    } else if (arguments.size() == 2 && arguments[0] == "delete" && !arguments[1].empty()) {
      remove(benchmarks::make_client(RD_KAFKA_PRODUCER, {}), arguments[1]);
    } else {
      std::fputs("topic_admin create NAME PARTITIONS [KEY=VALUE...] | topic_admin delete PREFIX\n",
                 stderr);
      return 2;
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "topic_admin: %s\n", error.what());
    return 1;
  }
}
