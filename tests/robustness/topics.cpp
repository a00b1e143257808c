// Makes and deletes topics:
//
//   topics create BROKERS NAME:PARTITIONS...
//   topics delete BROKERS NAME...

#include "robustness/bare_kafka.h"

#include <cstdio>
#include <exception>
#include <string>
#include <vector>

namespace {

robustness::NewTopic parse(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  return {text.substr(0, colon), std::stoi(text.substr(colon + 1))};
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  if (arguments.size() < 3 || (arguments[0] != "create" && arguments[0] != "delete")) {
    std::fputs("topics create BROKERS NAME:PARTITIONS... | topics delete BROKERS NAME...\n",
               stderr);
    return 2;
  }
  const std::vector<std::string> names(arguments.begin() + 2, arguments.end());
  try {
    if (arguments[0] == "create") {
      std::vector<robustness::NewTopic> topics;
      for (const std::string& name : names) topics.push_back(parse(name));
      robustness::create_topics(arguments[1], topics);
    } else {
      robustness::delete_topics(arguments[1], names);
    }
  } catch (const std::exception& e) {
    std::fprintf(stderr, "topics: %s\n", e.what());
    return 1;
  }
  return 0;
}
