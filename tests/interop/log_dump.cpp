// Prints what is in Kafka as text that can be compared.
//
//   log_dump records BROKERS TOPIC          committed records: partition, key, value (hexadecimal,
//   null),
//                                           timestamp, headers
//   log_dump offsets BROKERS GROUP TOPIC    partition, committed offset (-1: none), metadata

#include "robustness/bare_kafka.h"

#include <cstdio>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace {

std::string hex(const std::optional<std::string_view>& bytes) {
  if (!bytes) return "null";
  constexpr const char* digits = "0123456789abcdef";
  std::string text = "0x";
  for (const char c : *bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += digits[byte >> 4U];
    text += digits[byte & 15U];
  }
  return text;
}

void print_records(const std::string& brokers, const std::string& topic) {
  const robustness::Reader reader{brokers, "log-dump"};
  reader.read_all(topic, [](const robustness::Record& record) {
    std::printf("%d %s %s %lld", record.partition, hex(record.key).c_str(),
                hex(record.value).c_str(), static_cast<long long>(record.timestamp));
    for (const std::string& header : record.headers) std::printf(" %s", hex(header).c_str());
    std::printf("\n");
  });
}

void print_offsets(const std::string& brokers, const std::string& group, const std::string& topic) {
  const robustness::Reader reader{brokers, group};
  for (std::int32_t partition = 0; partition < reader.partitions(topic); ++partition) {
    const auto committed = reader.committed(topic, partition);
    std::printf("%d %lld %s\n", partition,
                committed ? static_cast<long long>(committed->offset) : -1,
                committed ? committed->metadata.c_str() : "");
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  try {
    if (arguments.size() == 3 && arguments[0] == "records") {
      print_records(arguments[1], arguments[2]);
    } else if (arguments.size() == 4 && arguments[0] == "offsets") {
      print_offsets(arguments[1], arguments[2], arguments[3]);
    } else {
      std::fputs("log_dump records BROKERS TOPIC | offsets BROKERS GROUP TOPIC\n", stderr);
      return 2;
    }
  } catch (const std::exception& e) {
    std::fprintf(stderr, "log_dump: %s\n", e.what());
    return 1;
  }
  return 0;
}
