"""Runs every program on every topology under both guarantees, checks the outputs, and prints the table."""

import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import table
from programs import GUARANTEES, PROGRAMS, TOPOLOGIES, Places

ROOT = Path(__file__).resolve().parents[2]
BROKER = ROOT / "tests/broker/broker"
BROKER_JVM = "-Xms1g -Xmx1g -XX:+UseG1GC"
PARTITIONS = 4
RUN_TIMEOUT_S = 600


class RunFailed(Exception):
    pass


def arguments():
    parser = argparse.ArgumentParser(prog="benchmarks/run")
    parser.add_argument("--programs", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--java", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--started", type=float, default=time.time(), help=argparse.SUPPRESS)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--records", type=int)
    parser.add_argument("--repetitions", type=int)
    parser.add_argument("--only", type=re.compile, default=re.compile(""))
    options = parser.parse_args()
    options.records = options.records or (1_000_000 if options.quick else 6_000_000)
    options.repetitions = options.repetitions or (1 if options.quick else 3)
    return options


class Broker:
    """The brokers of BROKERS, or one that is started here and stopped in the end."""

    def __init__(self, folder):
        self.folder = None
        self.addresses = os.environ.get("BROKERS")
        self.process = os.environ.get("BROKER_PID", "")
        if not self.addresses:
            environment = {"MOLDAU_BROKER_JVM": BROKER_JVM, **os.environ}
            self.folder = folder
            try:
                self.addresses = subprocess.run(
                    [BROKER, "start", folder], env=environment, stdout=subprocess.PIPE, text=True, check=True
                ).stdout.strip()
            except BaseException:
                self.stop()
                raise
            self.process = (folder / "pid").read_text().strip()
            os.environ["BROKERS"] = self.addresses

    def stop(self):
        if self.folder:
            subprocess.run([BROKER, "stop", self.folder], check=False)


class Lab:
    """One preloaded topic, and runs on it that leave nothing behind."""

    def __init__(self, options, folder, broker):
        self.options = options
        self.folder = folder
        self.broker = broker
        self.name = f"benchmark-{os.getpid()}-{int(time.time())}"
        self.input = f"{self.name}-in"
        self.ledger = folder / "input"
        self.runs = 0

    def tool(self, name, *args):
        subprocess.run([self.options.programs / name, *map(str, args)], stdout=subprocess.DEVNULL, check=True)

    def load(self):
        self.tool("topic_admin", "create", self.input, PARTITIONS)
        self.tool("load_topic", "--topic", self.input, "--records", self.options.records)
        self.tool("note_input", "--topic", self.input, "--ledger", self.ledger)

    def clear(self):
        self.tool("topic_admin", "delete", self.name)

    def measure(self, program, topology, guarantee):
        """The figures of one run, whose output is right. Throws RunFailed."""
        self.runs += 1
        name = f"{self.name}-{self.runs}"
        state = self.folder / name
        out = f"{name}-out"
        try:
            self.tool("topic_admin", "create", out, PARTITIONS)
            if program.wants_changelog and topology != "pipe":
                self.tool("topic_admin", "create", f"{name}-changelog", PARTITIONS)
            places = Places(self.options.programs, self.options.java, self.input, out, f"{name}-changelog",
                            self.options.records, f"{name}-app", state)
            figures = self.probe(out, program.command(places, topology, guarantee))
            check = subprocess.run([self.options.programs / "check_output", "--topology", topology, "--topic", out,
                                    "--ledger", self.ledger])
            if check.returncode != 0:
                raise RunFailed("its output is not what the input asks for")
            return figures
        finally:
            self.tool("topic_admin", "delete", f"{name}-")
            shutil.rmtree(state, ignore_errors=True)

    def probe(self, out, command):
        probe = [self.options.programs / "probe", "--out", out, "--timeout-s", str(RUN_TIMEOUT_S)]
        if self.broker.process:
            probe += ["--broker-pid", self.broker.process]
        with open(self.folder / "stderr", "w+", encoding="utf-8", errors="replace") as errors:
            # A group of its own, so that an interrupted probe does not leave its program behind.
            with subprocess.Popen([*probe, "--", *command], stdout=subprocess.PIPE, stderr=errors, text=True,
                                  start_new_session=True) as process:
                try:
                    output, _ = process.communicate()
                except BaseException:
                    os.killpg(process.pid, signal.SIGKILL)
                    raise
            if process.returncode != 0:
                errors.seek(0)
                raise RunFailed("it failed: " + "".join(errors.readlines()[-5:]).strip())
        return json.loads(output)


class Progress:
    def __init__(self, started):
        self.started = started

    def say(self, text):
        elapsed = int(time.time() - self.started)
        print(f"[{elapsed // 60}:{elapsed % 60:02d}] {text}", file=sys.stderr, flush=True)


def planned(only):
    runs = [
        (topology, guarantee, program)
        for topology in TOPOLOGIES
        for guarantee in GUARANTEES
        for program in PROGRAMS
        if only.search(f"{topology}.{guarantee}.{program.label}")
    ]
    if not runs:
        raise SystemExit(f"--only {only.pattern} leaves nothing to run")
    return runs


def run_all(options, lab, progress):
    """All figures, and whether every run succeeded."""
    runs = planned(options.only)
    results, complete = [], True
    progress.say(f"loading {options.records:,} records")
    lab.load()
    progress.say("one run to warm the broker up, not counted")
    lab.measure(PROGRAMS[0], "pipe", "exactly_once_v2")
    # The repetition is the outer loop, so each of them holds all programs side by side.
    for repetition in range(1, options.repetitions + 1):
        for number, (topology, guarantee, program) in enumerate(runs, start=1):
            label = f"{repetition}/{options.repetitions} {number}/{len(runs)} {topology} {guarantee} {program.label}"
            try:
                figures = lab.measure(program, topology, guarantee)
            except RunFailed as failure:
                complete = False
                progress.say(f"{label}: NO FIGURE, {failure}")
                continue
            progress.say(f"{label}: {figures['rate']:,.0f} records/s, {figures['cpu_s_per_m']:.2f} CPU s per million")
            results.append({"topology": topology, "guarantee": guarantee, "program": program.label,
                            "repetition": repetition, **figures})
    return results, complete


def main():
    options = arguments()
    progress = Progress(options.started)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    results_file = options.programs.parent / "results.jsonl"
    with tempfile.TemporaryDirectory(prefix="run-", dir=options.programs.parent) as name:
        folder = Path(name)
        progress.say("starting the broker" if not os.environ.get("BROKERS") else "using " + os.environ["BROKERS"])
        broker = Broker(folder / "broker")
        try:
            lab = Lab(options, folder, broker)
            try:
                results, complete = run_all(options, lab, progress)
            finally:
                lab.clear()
        finally:
            broker.stop()
    results_file.write_text("".join(json.dumps(result) + "\n" for result in results), encoding="utf-8")
    print(table.text(results, options, ROOT))
    progress.say(f"every figure of every run: {results_file}")
    if not complete:
        progress.say("some runs have no figure, see above")
    return 0 if complete else 1


if __name__ == "__main__":
    sys.exit(main())
