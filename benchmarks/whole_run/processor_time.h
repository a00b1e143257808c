#pragma once

#include <string>

namespace benchmarks {

// CPU seconds, user and system, of a process that is running (from /proc); 0 if it is not there.
[[nodiscard]] double processor_seconds(const std::string& process_id);

// Of everything on the machine since it started.
[[nodiscard]] double machine_seconds();

}  // namespace benchmarks
