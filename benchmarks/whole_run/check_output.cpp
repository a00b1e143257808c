// Compares the output topic of a run with what note_input has noted of its input:
//
//   check_output --topology pipe|count|count-cached --topic TOPIC --ledger FILE
//
// Status 0 only if the output is what the input asks for. Reads committed records only.

#include "whole_run/arguments.h"
#include "whole_run/key_ledger.h"
#include "whole_run/output_check.h"
#include "whole_run/topic_reader.h"

#include <cstdio>
#include <exception>
#include <memory>
#include <string>
#include <vector>

int main(int argc, char** argv) {
  try {
    const benchmarks::Arguments arguments{argc, argv, {"topology", "topic", "ledger"}};
    const auto input = benchmarks::KeyLedger::load(arguments.text("ledger"));
    const auto check = benchmarks::make_output_check(arguments.text("topology"), input);
    benchmarks::read_topic(arguments.text("topic"),
                           [&](const benchmarks::TopicRecord& record) { check->add(record); });
    const std::vector<std::string> differences = check->differences();
    for (const std::string& difference : differences) {
      std::fprintf(stderr, "check_output: %s\n", difference.c_str());
    }
    return differences.empty() ? 0 : 1;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "check_output: %s\n", error.what());
    return 1;
  }
}
