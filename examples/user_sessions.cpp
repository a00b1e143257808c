// User sessions: what somebody looks at without a break of half an hour or more.
//
// Session windows grow with each click and merge when one falls between two. suppress() waits until
// a session can grow no more and lets its last state through.

#include "moldau/moldau.h"

#include "support/command_line.h"
#include "support/embedded_run.h"
#include "support/rows.h"

#include <chrono>
#include <cstdio>
#include <string>

namespace {

using namespace std::chrono_literals;

moldau::Topology user_sessions() {
  moldau::StreamsBuilder builder;
  builder.stream<std::string, std::string>("clicks")
      .group_by_key()
      .windowed_by(moldau::SessionWindows{.inactivity_gap = 30min, .grace = 5min})
      .reduce(
          [](std::string path, const std::string& page) { return std::move(path) + " > " + page; },
          {.name = "sessions"})
      .suppress(moldau::until_window_closes())
      .to_stream()
      .to("finished-sessions");
  return builder.build();
}

void show(const examples::EmbeddedRun& run) {
  const auto key_serde = moldau::session_windowed_serde<std::string>();
  for (const auto& [key, path] :
       run.latest<moldau::Windowed<std::string>, std::string>("finished-sessions", key_serde)) {
    std::printf("%-8s %s to %s  %s\n", key.key.c_str(),
                examples::clock_text(key.window.start).c_str(),
                examples::clock_text(key.window.end).c_str(), path.c_str());
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::string file = EXAMPLES_DATA "/clicks.csv";
  return examples::run_example(
      argc, argv, "Finds the sessions of users", file, [](const std::string& data) {
        examples::EmbeddedRun run{user_sessions(), {{"clicks", 2}, {"finished-sessions", 2}}};
        for (const auto& row : examples::read_rows(data, 3)) {
          run.produce<std::string, std::string>("clicks", row[1], row[2],
                                                examples::time_of_day(row[0]));
        }
        if (!run.run_to_end()) return 1;
        show(run);
        return 0;
      });
}
