// Page views by region: how many pages people of each region look at, in windows of five minutes
// that start every minute.
//
// Views say who looked at what; users say where somebody lives. A view is joined with the user's
// row, grouped by region and counted in hopping windows.

#include "moldau/moldau.h"

#include "support/command_line.h"
#include "support/embedded_run.h"
#include "support/rows.h"

#include <chrono>
#include <cstdio>
#include <string>

namespace {

using namespace std::chrono_literals;

moldau::Topology page_views() {
  moldau::StreamsBuilder builder;
  const auto users = builder.table<std::string, std::string>("users", {}, {.name = "regions"});
  builder.stream<std::string, std::string>("views")
      .left_join(users,
                 [](const std::string& /*page*/, const std::string* region) {
                   return region == nullptr ? std::string{"unknown"} : *region;
                 })
      .group_by([](const std::string& region) { return region; }, {.name = "by-region"})
      .windowed_by(moldau::TimeWindows{.size = 5min, .advance = 1min, .grace = 30s})
      .count({.name = "views-by-region"})
      .to_stream()
      .to("views-by-region");
  return builder.build();
}

void show(const examples::EmbeddedRun& run) {
  std::printf("%-21s %-10s %s\n", "window", "region", "views");
  const auto key_serde = moldau::time_windowed_serde<std::string>(5min);
  for (const auto& [key, views] :
       run.latest<moldau::Windowed<std::string>, std::int64_t>("views-by-region", key_serde)) {
    std::printf("%s to %s  %-10s %5lld\n", examples::clock_text(key.window.start).c_str(),
                examples::clock_text(key.window.end).c_str(), key.key.c_str(),
                static_cast<long long>(views));
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::string folder = EXAMPLES_DATA "/page_views";
  return examples::run_example(
      argc, argv, "Counts page views by region", folder, [](const std::string& data) {
        examples::EmbeddedRun run{page_views(),
                                  {{"users", 1}, {"views", 1}, {"views-by-region", 1}}};
        for (const auto& row : examples::read_rows(data + "/users.csv", 3)) {
          run.produce<std::string, std::string>("users", row[1], row[2],
                                                examples::time_of_day(row[0]));
        }
        for (const auto& row : examples::read_rows(data + "/views.csv", 3)) {
          run.produce<std::string, std::string>("views", row[1], row[2],
                                                examples::time_of_day(row[0]));
        }
        if (!run.run_to_end()) return 1;
        show(run);
        return 0;
      });
}
