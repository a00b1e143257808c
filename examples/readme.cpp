#include <moldau/moldau.h>

#include <iterator>
#include <sstream>

int main(int argc, char** argv) {
  moldau::StreamsBuilder builder;
  builder.stream<std::string, std::string>("lines")
      .flat_map_values([](const std::string& line) {
        std::istringstream words{line};
        return std::vector<std::string>{std::istream_iterator<std::string>{words}, {}};
      })
      .group_by([](const std::string& word) { return word; })
      .count({.name = "counts"})
      .to_stream()
      .to("word-counts");
  const char* kafka = argc > 1 ? argv[1] : "localhost:9092";
  moldau::Streams streams{builder.build(), {.application_id = "words", .bootstrap_servers = kafka}};
  return streams.run_until_signal();
}
