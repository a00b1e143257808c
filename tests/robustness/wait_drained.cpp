// Waits until a group has processed everything that topics hold.
//
//   wait_drained BROKERS GROUP SECONDS TOPIC...
//
// Status 0 when no committed record lies at or behind the group's committed offset of any
// partition.

#include "robustness/bare_kafka.h"

#include <chrono>
#include <cstdio>
#include <exception>
#include <string>
#include <thread>
#include <vector>

namespace {

// Records that the group has not got to; empty text if there are none.
std::string left(const robustness::Reader& reader, const std::string& topic) {
  for (std::int32_t partition = 0; partition < reader.partitions(topic); ++partition) {
    const auto committed = reader.committed(topic, partition);
    const std::int64_t next = committed ? committed->offset : 0;
    if (next >= reader.range(topic, partition).end) continue;
    std::int64_t records = 0;
    reader.read(
        topic, partition, [&](const robustness::Record&) { ++records; }, next);
    if (records > 0) {
      return topic + "-" + std::to_string(partition) + ": " + std::to_string(records) +
             " records left";
    }
  }
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  if (arguments.size() < 4) {
    std::fputs("wait_drained BROKERS GROUP SECONDS TOPIC...\n", stderr);
    return 2;
  }
  const auto deadline =
      std::chrono::steady_clock::now() + std::chrono::seconds{std::stoi(arguments[2])};
  std::string found = "never looked";
  std::unique_ptr<robustness::Reader> reader;
  while (std::chrono::steady_clock::now() < deadline) {
    try {
      if (reader == nullptr) {
        reader = std::make_unique<robustness::Reader>(arguments[0], arguments[1]);
      }
      found.clear();
      for (std::size_t i = 3; i < arguments.size() && found.empty(); ++i) {
        found = left(*reader, arguments[i]);
      }
      if (found.empty()) return 0;
    } catch (const std::exception& e) {
      found = e.what();
      reader.reset();
    }
    std::this_thread::sleep_for(std::chrono::milliseconds{200});
  }
  std::fprintf(stderr, "wait_drained: %s\n", found.c_str());
  return 1;
}
