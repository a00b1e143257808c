#pragma once

#include <functional>
#include <string>

namespace examples {

// The main() of an example that works on a bundled input: `--input PATH` gives another one. Errors
// go to standard error. Returns the exit status.
int run_example(int argc, char** argv, const std::string& description, const std::string& input,
                const std::function<int(const std::string& input)>& run);

}  // namespace examples
