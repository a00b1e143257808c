// Notes what an input topic holds, for check_output:
//
//   note_input --topic TOPIC --ledger FILE

#include "whole_run/arguments.h"
#include "whole_run/key_ledger.h"
#include "whole_run/topic_reader.h"

#include <cstdio>
#include <exception>

int main(int argc, char** argv) {
  try {
    const benchmarks::Arguments arguments{argc, argv, {"topic", "ledger"}};
    benchmarks::KeyLedger ledger;
    benchmarks::read_topic(arguments.text("topic"),
                           [&](const auto& record) { ledger.add(record); });
    ledger.save(arguments.text("ledger"));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "note_input: %s\n", error.what());
    return 1;
  }
}
