"""A topology of 100 operators, each with a callable of its own, compiles in 8 seconds of user time at -O2.

  compile_time_test.py FOLDER COMPILER FLAG...
"""

import resource
import subprocess
import sys
from pathlib import Path

OPERATORS = 100
BUDGET = 8.0  # seconds

# Each takes a stream of <std::string, std::string> and gives one again; %d makes the callable distinct.
STEPS = (
    ".filter([](const std::string& v) { return v.size() != %d; })",
    ".map_values([](const std::string& v) { return v.substr(v.size() / 2 + %d); })",
    ".select_key([](const std::string& k, const std::string& v) { return k + v + std::to_string(%d); })",
    ".flat_map_values([](const std::string& v) { return std::vector<std::string>(%d, v); })",
    ".map([](const std::string& k, const std::string& v) { return moldau::KeyValue{v + k, std::to_string(%d)}; })",
    ".peek([](const std::string& k, const std::string&) { touched += k.size() + %d; })",
    ".filter_not([](const std::string& k, const std::string& v) { return k == v && k.size() == %d; })",
    ".map_values([](const std::string& k, const std::string& v) { return k + v + std::to_string(%d); })",
    ".flat_map([](const std::string& v) {\n"
    "        return std::vector<moldau::KeyValue<std::string, std::string>>{{v, std::to_string(%d)}};\n"
    "      })",
    ".group_by([](const std::string& v) { return v + std::to_string(%d); })\n"
    "      .reduce([](std::string total, const std::string& v) { return total + v; })\n"
    "      .to_stream()",
)


def program():
    lines = ["#include <moldau/moldau.h>", "", "std::size_t touched = 0;", "", "moldau::Topology topology() {",
             "  moldau::StreamsBuilder builder;", '  builder.stream<std::string, std::string>("in")']
    lines += ["      " + STEPS[number % len(STEPS)] % number for number in range(OPERATORS)]
    lines += ['      .to("out");', "  return builder.build();", "}", ""]
    return "\n".join(lines)


def user_seconds(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    subprocess.run(command, check=True)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before


if __name__ == "__main__":
    folder, *compiler = sys.argv[1:]
    source = Path(folder) / "operators.cpp"
    source.parent.mkdir(parents=True, exist_ok=True)
    source.write_text(program())
    # The better of two: what else the machine does disturbs even user time.
    seconds = min(user_seconds([*compiler, "-O2", "-c", str(source), "-o", str(source.with_suffix(".o"))])
                  for _ in range(2))
    print(f"{OPERATORS} operators: {seconds:.1f} s of user time, budget {BUDGET:.1f} s")
    sys.exit(seconds > BUDGET)
