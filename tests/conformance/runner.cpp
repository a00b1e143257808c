// Replays recorded runs of Kafka Streams: see FORMAT.md, section 2.
//
//   conformance_runner DIR [--only REGEX] [--tier T,T] [--order strict|per_topic] [--memory]
//
// DIR holds case files. REGEX must match the whole name of a topology. Ends with `N passed, N
// failed`; status 0 only if something ran and nothing failed.

#include "conformance/case_file.h"
#include "conformance/replay.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <regex>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;
using moldau::conformance::Case;
using moldau::conformance::ReplayOptions;

struct Arguments {
  fs::path folder;
  std::regex only{".*"};
  std::set<std::string> tiers{"core", "extended", "optional"};
  bool strict = true;
  bool memory = false;
};

std::set<std::string> split(const std::string& list) {
  std::set<std::string> parts;
  for (std::size_t at = 0; at <= list.size();) {
    const std::size_t comma = std::min(list.find(',', at), list.size());
    parts.insert(list.substr(at, comma - at));
    at = comma + 1;
  }
  return parts;
}

Arguments parse(const std::vector<std::string>& given) {
  Arguments arguments;
  for (std::size_t i = 0; i < given.size(); ++i) {
    const auto value = [&]() -> const std::string& {
      if (++i == given.size()) throw std::invalid_argument(given[i - 1] + " takes a value");
      return given[i];
    };
    if (given[i] == "--only") {
      arguments.only = std::regex{value()};
    } else if (given[i] == "--tier") {
      arguments.tiers = split(value());
    } else if (given[i] == "--order") {
      arguments.strict = value() == "strict";
    } else if (given[i] == "--memory") {
      arguments.memory = true;
    } else if (!given[i].starts_with("-") && arguments.folder.empty()) {
      arguments.folder = given[i];
    } else {
      throw std::invalid_argument("unknown argument " + given[i]);
    }
  }
  if (arguments.folder.empty()) throw std::invalid_argument("a folder of case files is expected");
  return arguments;
}

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

class ScratchFolder {
 public:
  ScratchFolder() {
    std::string pattern = (fs::temp_directory_path() / "moldau-conformance-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = pattern;
  }
  ~ScratchFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

int run(const Arguments& arguments) {
  const ScratchFolder scratch;
  int passed = 0;
  int failed = 0;
  for (const fs::path& file : case_files(arguments)) {
    ReplayOptions options{.strict_order = arguments.strict, .state_dir = {}};
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
  }
  std::printf("%d passed, %d failed\n", passed, failed);
  return passed > 0 && failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(parse({argv + 1, argv + argc}));
  } catch (const std::exception& e) {
    std::fprintf(stderr, "conformance_runner: %s\n", e.what());
    return 2;
  }
}
