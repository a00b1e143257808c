// Runs applications on a broker inside this process, many seeds after another, and has things go
// wrong. docs/simulation.md says what that proves and how to follow a seed.

#include "runtime/fault.h"
#include "simulation/mutations.h"
#include "simulation/plan.h"
#include "simulation/shrink.h"
#include "simulation/tally.h"
#include "simulation/world.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <exception>
#include <fstream>
#include <iostream>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

namespace simulation = moldau::simulation;
using simulation::Outcome;
using simulation::Plan;
using simulation::Tally;
using simulation::World;

constexpr const char* usage =
    R"(simulation [--first SEED] [--seeds N]   N seeds from the first one on (default: 100 from 1)
           --seed SEED                   one seed
           --events                      prints what happened
           --cut "faults=0,3 inputs=50"  only a part of the plan of --seed
           --shrink                      looks for the least part that fails
           --mutation NAME               with a mistake in the protocol: succeeds if it is noticed
           --twice                       runs every seed twice: both must do the same
           --list FILE                   the seeds in a file, `SEED CUT` a line
           --require-points              fails unless a process died at every point there is
)";

struct Options {
  std::uint64_t first = 1;
  std::uint64_t seeds = 100;
  bool events = false;
  bool shrink = false;
  bool twice = false;
  bool require_points = false;
  std::string cut = {};
  std::string mutation = {};
  std::string list = {};
};

Options parse(const std::vector<std::string>& arguments) {
  Options options;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& name = arguments[i];
    const auto value = [&]() -> const std::string& {
      if (i + 1 == arguments.size()) throw std::invalid_argument(name + " needs a value");
      return arguments[++i];
    };
    if (name == "--first") {
      options.first = std::stoull(value());
    } else if (name == "--seeds") {
      options.seeds = std::stoull(value());
    } else if (name == "--seed") {
      options.first = std::stoull(value());
      options.seeds = 1;
    } else if (name == "--events") {
      options.events = true;
    } else if (name == "--shrink") {
      options.shrink = true;
    } else if (name == "--twice") {
      options.twice = true;
    } else if (name == "--require-points") {
      options.require_points = true;
    } else if (name == "--cut") {
      options.cut = value();
    } else if (name == "--mutation") {
      options.mutation = value();
    } else if (name == "--list") {
      options.list = value();
    } else {
      throw std::invalid_argument("unknown option " + name + "\n" + usage);
    }
  }
  return options;
}

void print(const char* title, const std::map<std::string, std::int64_t>& counts) {
  std::cout << title;
  for (const auto& [name, count] : counts) std::cout << "  " << name << " " << count;
  std::cout << "\n";
}

void print(const Tally& tally, std::chrono::duration<double> took) {
  std::cout << tally.runs << " runs in " << took.count() << " s ("
            << static_cast<std::int64_t>(static_cast<double>(tally.runs) / took.count() * 60)
            << " a minute), " << tally.steps << " steps, " << tally.records << " records, "
            << tally.commits << " commits, " << tally.aborts << " aborts, " << tally.restorations
            << " inputs begun, " << tally.checked_batches << " batches checked\n";
  print("applications:", tally.parts);
  print("faults:", tally.faults);
  print("died:", tally.deaths);
  print("stopped:", tally.stops);
}

void print_events(const Plan& plan, const Outcome& outcome) {
  for (std::size_t i = 0; i < plan.faults.size(); ++i) {
    std::cout << "fault " << i << ": " << text(plan.faults[i]) << "\n";
  }
  for (const std::string& event : outcome.events) std::cout << event << "\n";
}

// 0 if every rule held, or with a mutation if one did not.
class Session {
 public:
  explicit Session(Options options) : options_(std::move(options)) {}

  int run() {
    const auto begun = std::chrono::steady_clock::now();
    bool fine = true;
    if (options_.list.empty()) {
      for (std::uint64_t i = 0; i < options_.seeds && (fine || !options_.mutation.empty()); ++i) {
        if (!run(options_.first + i, options_.cut)) {
          fine = false;
          if (!options_.mutation.empty()) break;
        }
      }
    } else {
      fine = run_list();
    }
    print(tally_, std::chrono::steady_clock::now() - begun);
    if (!options_.mutation.empty()) {
      std::cout << "mutation " << options_.mutation
                << (fine ? " was NOT noticed\n" : " was noticed\n");
      return fine ? 1 : 0;
    }
    return fine && (!options_.require_points || died_everywhere()) ? 0 : 1;
  }

 private:
  bool run_list() {
    std::ifstream file{options_.list};
    if (!file) throw std::invalid_argument("cannot read " + options_.list);
    bool fine = true;
    for (std::string line; std::getline(file, line);) {
      if (line.empty() || line.front() == '#') continue;
      std::istringstream words{line};
      std::uint64_t seed = 0;
      words >> seed;
      std::string cut;
      std::getline(words, cut);
      fine = run(seed, cut) && fine;
    }
    return fine;
  }

  bool run(std::uint64_t seed, const std::string& cut) {
    const Plan whole = simulation::make_plan(seed);
    const Plan plan = simulation::Cut::parse(cut, whole).of(whole);
    const Outcome outcome = World{plan, options_.events || options_.twice}.run();
    tally_.add(outcome.tally);
    if (options_.events) print_events(plan, outcome);
    std::string problem = outcome.problem;
    if (options_.twice) {
      const Outcome again = World{plan, true}.run();
      if (again.events != outcome.events || again.digest != outcome.digest) {
        problem = "the second run of the seed was another one";
      }
    }
    if (problem.empty()) return true;
    std::cout << "seed " << seed << (cut.empty() ? "" : " " + cut) << ": " << problem << "\n";
    if (options_.shrink) {
      const simulation::Cut least = shrink(plan);
      std::cout << "least part that fails: --seed " << seed << " --cut \"" << least.text()
                << "\"\n";
      const Plan rest = least.of(plan);
      print_events(rest, World{rest, true}.run());
    }
    return false;
  }

  bool died_everywhere() const {
    bool everywhere = true;
    for (const bool exactly_once : {true, false}) {
      for (const std::string& point : simulation::crash_points(exactly_once)) {
        if (tally_.deaths.contains(point)) continue;
        std::cout << "no process died at " << point << "\n";
        everywhere = false;
      }
    }
    return everywhere;
  }

  Options options_;
  Tally tally_;
};

}  // namespace

int main(int argc, char** argv) {
  try {
    Options options = parse({argv + 1, argv + argc});
    simulation::choose_mutation(options.mutation);
    return Session{std::move(options)}.run();
  } catch (const std::exception& error) {
    std::cerr << "simulation: " << error.what() << "\n";
    return 2;
  }
}
