#include "docs/snippet.h"

namespace moldau::test {
namespace ported {

// [page views]
using namespace std::chrono_literals;

moldau::Topology page_views() {
  moldau::StreamsBuilder builder;
  auto views = builder.stream<std::string, std::string>("PageViews");
  auto regions = builder.table<std::string, std::string>("UserProfiles", {}, {.name = "regions"});

  views
      .left_join(regions,
                 [](const std::string& /*page*/, const std::string* region) {
                   return region == nullptr ? std::string{"UNKNOWN"} : *region;
                 })
      .group_by([](const std::string& region) { return region; }, {.name = "by-region"})
      .windowed_by(moldau::TimeWindows{.size = 5min, .advance = 1min, .grace = 30s})
      .count({.name = "views-by-region"})
      .to_stream()
      .to("PageViewsByRegion");
  return builder.build();
}

int main() {
  moldau::Streams streams{page_views(),
                          {.application_id = "page-views", .bootstrap_servers = "localhost:9092"}};
  return streams.run_until_signal();
}
// [page views end]

}  // namespace ported

namespace {

class Ported : public Snippet {};

TEST_F(Ported, PageViews) {
  output<Windowed<std::string>, std::int64_t>("PageViewsByRegion",
                                              time_windowed_serde<std::string>(5min));
  expect(ported::page_views(), R"(
    UserProfiles ann north @1   ->  nothing
    PageViews ann shoes @30     ->  PageViewsByRegion north[0..300] 1 @30
    PageViews ben hats @50      ->  PageViewsByRegion UNKNOWN[0..300] 1 @50
    PageViews ann hats @70      ->  PageViewsByRegion north[0..300] 2 @70,
                                    PageViewsByRegion north[60..360] 1 @70
  )");
}

}  // namespace
}  // namespace moldau::test
