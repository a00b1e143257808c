"""Replays fresh runs of Kafka Streams, of seeds nobody has seen, through the library."""

import argparse
import contextlib
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
TIERS = ("core", "extended")

# Topologies that the runner cannot build yet.
WAITING = frozenset({"naming.all_generated"})


class Case:
    """One run: a topology, the seed of its input, the number of steps, and what is unlike the recorded corpus."""

    def __init__(self, topology, seed, events, options=()):
        self.topology = topology
        self.seed = seed
        self.events = events
        self.options = tuple(options)

    @classmethod
    def parse(cls, text):
        topology, seed, events, *options = text.split(":")
        return cls(topology, int(seed), int(events), options)

    def parts(self):
        return (self.topology, str(self.seed), str(self.events), *self.options)

    def __str__(self):
        return ":".join(self.parts())

    def file(self):
        return f"{self.topology}.{self.seed}.json"


def draw(topologies, seed, count, events):
    """`count` cases spread evenly: no topology gets a second one before each has its first.

    The case of a topology depends on `seed`, its name and its turn only, not on what else is drawn."""
    order = sorted(topologies)
    random.Random(seed).shuffle(order)
    drawn = []
    for number in range(count):
        topology = order[number % len(order)]
        source = random.Random(f"{seed} {topology} {number // len(order)}")
        # Short runs leave more open at their end, long ones fill segments and caches.
        steps = events or source.choice((40, 80, 80, 160))
        options = [option for option in ("leaps", "cache=10000000") if source.random() < 0.25]
        case_seed = source.randrange(3, 1 << 40)
        if topology.startswith("emit.") and "cache=10000000" in options:
            # Time starts at zero: the reference goes through a cache segment by segment, from zero on.
            case_seed += 1 - case_seed % 3
        drawn.append(Case(topology, case_seed, steps, options))
    return drawn


class Oracle:
    """The Java program; `oracle/build` builds it, unless that is done."""

    def __init__(self, build):
        folder = subprocess.run([build], stdout=subprocess.PIPE, text=True, check=True).stdout.strip()
        self.command = ["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp",
                        f"{folder}/classes:{folder}/lib/*", "conformance.Oracle"]

    def topologies(self):
        listed = subprocess.run([*self.command, "list"], capture_output=True, text=True, check=True).stdout
        names = (line.split() for line in listed.splitlines())
        return {name for name, tier in names if tier in TIERS}

    def generate(self, cases, folder):
        plan = folder / "plan"
        plan.write_text("".join(" ".join(case.parts()) + "\n" for case in cases))
        subprocess.run([*self.command, "generate", "--plan", plan, "--out", folder], check=True)


class Runner:
    def __init__(self, program, options=()):
        self.program = program
        self.options = options

    def topologies(self):
        return set(subprocess.run([self.program, "--list"], capture_output=True, text=True, check=True).stdout.split())

    def failures(self, folder):
        """What it says about each case that failed, by file name; and the last line."""
        said = subprocess.run([self.program, folder, *self.options], stdout=subprocess.PIPE, text=True)
        if said.returncode not in (0, 1):
            raise RuntimeError(f"{self.program} ended with {said.returncode}:\n{said.stdout}")
        *report, last = said.stdout.splitlines() or [""]
        found = {}
        for line in report:
            if line.startswith("FAILED "):
                file, _, line = line[len("FAILED "):].partition(": ")
                found[file] = []
            found[file].append(line)
        return {file: "\n".join(lines) for file, lines in found.items()}, last


def without_program(oracle, runner):
    """What the oracle has, the runner has not, and nobody knows to be missing."""
    return oracle.topologies() - runner.topologies() - WAITING


def compare(cases, oracle, runner, folder, out):
    """True if nothing differs. Tells how to run each case that differs again."""
    oracle.generate(cases, folder)
    failures, last = runner.failures(folder)
    for case in cases:
        if case.file() in failures:
            print(f"FAILED {case}: {failures[case.file()]}", file=out)
            print(f"  again: tests/conformance/differential --case {case}", file=out)
    print(last, file=out)
    return not failures and last == f"{len(cases)} passed, 0 failed"


def arguments(given):
    parser = argparse.ArgumentParser(prog="differential", description=__doc__)
    parser.add_argument("--runner", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--cases", type=int, default=200, help="how many cases to draw (default: 200)")
    parser.add_argument("--seed", default=os.environ.get("MOLDAU_DIFFERENTIAL_SEED"),
                        help="what to draw from (default: MOLDAU_DIFFERENTIAL_SEED, or a new one each time)")
    parser.add_argument("--events", type=int, help="steps of each case (default: 40, 80 or 160, drawn)")
    parser.add_argument("--only", default=".*", help="regular expression that a topology's name must match")
    parser.add_argument("--case", type=Case.parse, action="append", metavar="TOPOLOGY:SEED:EVENTS[:OPTION...]",
                        help="this case, instead of drawing any; may come more than once")
    parser.add_argument("--memory", action="store_true", help="keep stores in memory, not in RocksDB")
    parser.add_argument("--keep", type=pathlib.Path, help="write the cases to this folder, and leave them there")
    chosen = parser.parse_args(given)
    if chosen.cases < 1:
        parser.error("--cases must be 1 or more")
    return chosen


def main(given, out=sys.stdout):
    chosen = arguments(given)
    oracle = Oracle(HERE / "oracle" / "build")
    runner = Runner(chosen.runner, ["--memory"] if chosen.memory else [])
    cases = chosen.case
    if not cases:
        seed = chosen.seed or str(random.SystemRandom().randrange(1 << 32))
        print(f"MOLDAU_DIFFERENTIAL_SEED={seed}", file=out, flush=True)
        missing = without_program(oracle, runner)
        if missing:
            print("no program in tests/conformance/topologies for: " + " ".join(sorted(missing)), file=out)
            return 1
        topologies = oracle.topologies() & runner.topologies()
        topologies = {name for name in topologies if re.fullmatch(chosen.only, name)}
        if not topologies:
            print(f"no topology is called {chosen.only}", file=out)
            return 1
        cases = draw(topologies, seed, chosen.cases, chosen.events)
    with contextlib.ExitStack() as left:
        folder = chosen.keep or pathlib.Path(left.enter_context(tempfile.TemporaryDirectory(prefix="moldau-differential-")))
        folder.mkdir(parents=True, exist_ok=True)
        return 0 if compare(cases, oracle, runner, folder, out) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
