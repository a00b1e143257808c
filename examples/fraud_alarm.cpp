// Fraud alarm: a card that pays more than 1000.00 within ten minutes.
//
// Sliding windows find the ten minutes wherever they begin. Emit-on-close says one word for each
// window, when it can no longer change, so an alarm is raised once and never taken back.

#include "moldau/moldau.h"
#include "moldau/serde/json.h"

#include "support/command_line.h"
#include "support/embedded_run.h"
#include "support/rows.h"

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string>

namespace {

using namespace std::chrono_literals;

struct Spending {
  std::int64_t payments = 0;
  std::int64_t cents = 0;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Spending, payments, cents)

constexpr std::int64_t limit = 1000'00;

}  // namespace

template <>
struct moldau::Serde<Spending> : moldau::JsonSerde<Spending> {};

namespace {

moldau::Topology fraud_alarm() {
  moldau::StreamsBuilder builder;
  builder.stream<std::string, std::int64_t>("payments")
      .group_by_key()
      .windowed_by(moldau::SlidingWindows{.time_difference = 10min, .grace = 1min})
      .emit_strategy(moldau::EmitStrategy::on_window_close)
      .aggregate([] { return Spending{}; },
                 [](Spending total, std::int64_t cents) {
                   return Spending{total.payments + 1, total.cents + cents};
                 },
                 {.name = "spending"})
      .to_stream()
      .filter([](const Spending& spending) { return spending.cents > limit; })
      .to("alarms");
  return builder.build();
}

void show(const examples::EmbeddedRun& run) {
  const auto key_serde = moldau::time_windowed_serde<std::string>(10min);
  for (const auto& [key, spending] :
       run.latest<moldau::Windowed<std::string>, Spending>("alarms", key_serde)) {
    std::printf("ALARM %s to %s  card %s: %lld payments, %s\n",
                examples::clock_text(key.window.start).c_str(),
                examples::clock_text(key.window.end).c_str(), key.key.c_str(),
                static_cast<long long>(spending.payments),
                examples::money_text(spending.cents).c_str());
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::string file = EXAMPLES_DATA "/payments.csv";
  return examples::run_example(
      argc, argv, "Watches what cards pay", file, [](const std::string& data) {
        examples::EmbeddedRun run{fraud_alarm(), {{"payments", 2}, {"alarms", 2}}};
        for (const auto& row : examples::read_rows(data, 3)) {
          run.produce<std::string, std::int64_t>("payments", row[1], examples::cents(row[2]),
                                                 examples::time_of_day(row[0]));
        }
        if (!run.run_to_end()) return 1;
        show(run);
        return 0;
      });
}
