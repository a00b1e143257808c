// Replays recorded runs of Kafka Streams: see FORMAT.md, section 2.
//
//   conformance_runner DIR [--only REGEX] [--tier T,T] [--order strict|per_topic] [--memory]
//                          [--semantics kafka-streams-4.3|complete]
//   conformance_runner --list                the topologies that can be built, one a line
//
// DIR holds case files. REGEX must match the whole name of a topology. Says how far it is on
// standard error, each difference on standard output, and ends with `N passed, N failed`; status 0
// only if something ran and nothing failed.

#include "base/temporary_folder.h"
#include "conformance/arguments.h"
#include "conformance/case_file.h"
#include "conformance/replay.h"
#include "conformance/topologies.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <regex>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;
using moldau::TemporaryFolder;
using moldau::conformance::Arguments;
using moldau::conformance::Case;
using moldau::conformance::ReplayOptions;

// `stateless.flat_map.2.json` holds a run of `stateless.flat_map`.
std::string topology_of(const fs::path& file) {
  const std::string stem = file.stem().string();
  return stem.substr(0, stem.rfind('.'));
}

std::vector<fs::path> case_files(const Arguments& arguments) {
  std::vector<fs::path> files;
  for (const fs::directory_entry& entry : fs::directory_iterator{arguments.folder}) {
    if (entry.path().extension() == ".json" &&
        std::regex_match(topology_of(entry.path()), arguments.only)) {
      files.push_back(entry.path());
    }
  }
  std::ranges::sort(files);
  return files;
}

int list() {
  for (const auto& [name, build] : moldau::conformance::topologies())
    std::printf("%.*s\n", static_cast<int>(name.size()), name.data());
  return EXIT_SUCCESS;
}

int run(const Arguments& arguments) {
  const TemporaryFolder scratch;
  const std::vector<fs::path> files = case_files(arguments);
  const std::size_t tenth = std::max<std::size_t>(files.size() / 10, 1);
  int passed = 0;
  int failed = 0;
  for (std::size_t i = 0; i < files.size(); ++i) {
    const fs::path& file = files[i];
    if (i > 0 && i % tenth == 0) {
      std::fprintf(stderr, "%zu of %zu files, at %s\n", i, files.size(), file.filename().c_str());
    }
    ReplayOptions options{
        .strict_order = arguments.strict_order, .semantics = arguments.semantics, .state_dir = {}};
    if (!arguments.memory) options.state_dir = scratch.path() / file.stem();
    std::optional<std::string> difference;
    try {
      const Case recorded = moldau::conformance::read_case(file);
      if (!arguments.tiers.contains(recorded.tier)) continue;
      difference = moldau::conformance::replay(recorded, options);
    } catch (const std::exception& e) {
      difference = e.what();
    }
    ++(difference ? failed : passed);
    if (difference) std::printf("FAILED %s: %s\n", file.filename().c_str(), difference->c_str());
    if (options.state_dir) fs::remove_all(*options.state_dir);
  }
  if (passed + failed == 0) {
    std::fprintf(stderr, "conformance_runner: no case of %s is meant by --only and --tier\n",
                 arguments.folder.c_str());
  }
  std::printf("%d passed, %d failed\n", passed, failed);
  return passed > 0 && failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const Arguments arguments = moldau::conformance::parse_arguments({argv + 1, argv + argc});
    return arguments.list ? list() : run(arguments);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "conformance_runner: %s\n", e.what());
    return 2;
  }
}
