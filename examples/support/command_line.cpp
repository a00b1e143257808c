#include "support/command_line.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>

namespace examples {

int run_example(int argc, char** argv, const std::string& description, const std::string& input,
                const std::function<int(const std::string& input)>& run) {
  CLI::App app{description};
  std::string path = input;
  app.add_option("--input", path, "work on this instead of " + input);
  CLI11_PARSE(app, argc, argv);
  try {
    return run(path);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "%s: %s\n", argv[0], e.what());
    return 1;
  }
}

}  // namespace examples
