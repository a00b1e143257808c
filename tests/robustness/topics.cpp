// Makes, deletes and watches topics:
//
//   topics create BROKERS NAME:PARTITIONS...
//   topics delete BROKERS NAME...
//   topics await-cleaner BROKERS NAME...   until the broker has dropped all deletions that are in
//   them now

#include "robustness/bare_kafka.h"

#include <chrono>
#include <cstdio>
#include <exception>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

robustness::NewTopic parse(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  return {text.substr(0, colon), std::stoi(text.substr(colon + 1))};
}

// How many deletions a partition has before an offset.
std::int64_t deletions(const robustness::Reader& reader, const std::string& topic,
                       std::int32_t partition, std::int64_t end) {
  std::int64_t found = 0;
  reader.read(topic, partition, [&](const robustness::Record& record) {
    if (record.offset < end && !record.value) ++found;
  });
  return found;
}

void await_cleaner(const std::string& brokers, const std::string& topic) {
  const robustness::Reader reader{brokers, "await-cleaner"};
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{60};
  for (std::int32_t partition = 0; partition < reader.partitions(topic); ++partition) {
    const std::int64_t end = reader.range(topic, partition).end;
    while (const std::int64_t left = deletions(reader, topic, partition, end)) {
      if (std::chrono::steady_clock::now() > deadline) {
        throw std::runtime_error(topic + ", partition " + std::to_string(partition) +
                                 ": after 60 s the broker still has " + std::to_string(left) +
                                 " deletions before offset " + std::to_string(end));
      }
      std::this_thread::sleep_for(std::chrono::milliseconds{200});
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  static const std::set<std::string> commands{"create", "delete", "await-cleaner"};
  if (arguments.size() < 3 || !commands.contains(arguments[0])) {
    std::fputs(
        "topics create BROKERS NAME:PARTITIONS... | topics delete BROKERS NAME... | "
        "topics await-cleaner BROKERS NAME...\n",
        stderr);
    return 2;
  }
  const std::vector<std::string> names(arguments.begin() + 2, arguments.end());
  try {
    if (arguments[0] == "create") {
      std::vector<robustness::NewTopic> topics;
      for (const std::string& name : names) topics.push_back(parse(name));
      robustness::create_topics(arguments[1], topics);
    } else if (arguments[0] == "await-cleaner") {
      for (const std::string& name : names) await_cleaner(arguments[1], name);
    } else {
      robustness::delete_topics(arguments[1], names);
    }
  } catch (const std::exception& e) {
    std::fprintf(stderr, "topics: %s\n", e.what());
    return 1;
  }
  return 0;
}
