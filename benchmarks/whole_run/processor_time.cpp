#include "whole_run/processor_time.h"

#include <unistd.h>

#include <fstream>
#include <iterator>
#include <sstream>

namespace benchmarks {

namespace {

double ticks_to_seconds(double ticks) { return ticks / static_cast<double>(sysconf(_SC_CLK_TCK)); }

}  // namespace

double processor_seconds(const std::string& process_id) {
  std::ifstream file{"/proc/" + process_id + "/stat"};
  const std::string text{std::istreambuf_iterator<char>{file}, {}};
  // The second field is the name, in parentheses, and may hold anything; utime and stime are the
  // 12th and 13th behind it.
  const std::size_t name_end = text.rfind(')');
  if (name_end == std::string::npos) return 0;
  std::istringstream fields{text.substr(name_end + 1)};
  std::string skipped;
  for (int i = 0; i < 11; ++i) fields >> skipped;
  double user = 0;
  double system = 0;
  fields >> user >> system;
  return ticks_to_seconds(user + system);
}

double machine_seconds() {
  std::ifstream file{"/proc/stat"};
  std::string name;
  double user = 0;
  double nice = 0;
  double system = 0;
  double idle = 0;
  double waiting = 0;
  double interrupts = 0;
  double soft_interrupts = 0;
  file >> name >> user >> nice >> system >> idle >> waiting >> interrupts >> soft_interrupts;
  return ticks_to_seconds(user + nice + system + interrupts + soft_interrupts);
}

}  // namespace benchmarks
