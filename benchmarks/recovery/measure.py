"""Kills, empties, moves, stops and idles instances of this library and of Kafka Streams, and prints how long each took."""

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path += [str(ROOT / "tests/robustness"), str(ROOT / "benchmarks")]

from machine import library, machine, package  # noqa: E402
from processes import Broker, Failed, Process  # noqa: E402

PARTITIONS = 4
IDLE_PARTITIONS = 100
IDLE_SECONDS = 20
FEED_RATE = 2_000  # records a second while something happens
FLOW_SECONDS = 5  # until a kill: records flow, are committed, and the last store is restored
MOVED_KEYS = 100_000
MOVE_SECONDS = 20
PATIENCE = 300

# One replica more, for the move; it may be placed at once.
STANDBY_SETTINGS = ("group.streams.num.standby.replicas=1", "group.streams.assignment.interval.ms=0")


@dataclass(frozen=True)
class Peer:
    label: str
    command: tuple
    # Kafka Streams on the protocol that this library uses too: it can leave a group cleanly.
    settings: tuple = ("processing.guarantee=exactly_once_v2",)


def peers(options):
    classpath = f"{options.java}/classes:{options.java}/lib/*"
    return (
        Peer("moldau", (options.programs / "recovery_peer",)),
        Peer("Kafka Streams", ("java", "-Xms256m", "-Xmx1g", "-XX:+UseG1GC", "-cp", classpath, "bench.RecoveryPeer"),
             ("processing.guarantee=exactly_once_v2", "group.protocol=streams")),
    )


def processor_seconds(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def seconds_between(start, end):
    return (end - start) / 1e6


class Lab:
    """A broker, topics on it, and instances of one peer."""

    def __init__(self, options, folder, settings=()):
        self.options = options
        self.folder = folder
        self.broker = Broker(folder / "broker", settings)
        os.environ["BROKERS"] = self.broker.address
        self.running = []
        self.started = 0

    def tool(self, name, *arguments):
        return subprocess.run([self.options.programs / name, *map(str, arguments)], check=True, text=True,
                              stdout=subprocess.PIPE).stdout

    def start(self, name, command):
        self.started += 1
        process = Process(name, command, self.folder / f"{self.started}.log")
        self.running.append(process)
        return process

    def feed(self, topic, keys):
        """Keeps records coming until it is stopped."""
        command = [self.options.programs / "feed_keys", "--topic", topic, "--keys", keys, "--rate", FEED_RATE]
        return self.start("feed", command)

    def instance(self, peer, application, records, state):
        """A new process, and when it was started, in microseconds."""
        at = time.time() * 1e6
        command = [*peer.command, f"{application}-in", f"{application}-out", records, application, state, *peer.settings]
        return self.start(peer.label, command), at

    def close(self):
        for process in self.running:
            process.destroy()
        self.broker.stop()


def restart_and_restore(lab, peer, say):
    """An instance with state is killed amid records and started again, a few times, then stopped; then it starts on an
    empty disk."""
    keys = lab.options.keys
    name = "killed-" + peer.label.split()[0].lower()
    state = lab.folder / name
    lab.tool("topic_admin", "create", f"{name}-in", PARTITIONS)
    lab.tool("topic_admin", "create", f"{name}-out", PARTITIONS)
    lab.tool("feed_keys", "--topic", f"{name}-in", "--keys", keys)
    say(f"{peer.label}: {keys:,} keys of state")
    instance, _ = lab.instance(peer, name, keys, state)
    instance.wait_for("reached", PATIENCE)
    feed = lab.feed(f"{name}-in", keys)
    figures = {"restart": [], "restored after the kill": 0}
    time.sleep(FLOW_SECONDS)
    for kill in range(lab.options.kills):
        instance.kill()
        say(f"{peer.label}: killed, starting again ({kill + 1} of {lab.options.kills})")
        instance, at = lab.instance(peer, name, 1, state)
        first, _ = instance.wait_for("first", PATIENCE)
        figures["restart"].append(seconds_between(at, first))
        time.sleep(FLOW_SECONDS)
        restored = instance.all("restored")
        figures["restored after the kill"] += int(restored[-1][1].split()[0]) if restored else 0
    stopping = time.monotonic()
    if instance.stop(120) not in (0, 143):  # a JVM that ends in its shutdown hook says 143
        raise Failed(f"{peer.label} did not stop cleanly")
    figures["stop"] = time.monotonic() - stopping
    stopped = instance.find("stopped")[1]
    figures["wipes"] = int(stopped) if stopped else None
    feed.stop()

    say(f"{peer.label}: restoring onto an empty disk")
    shutil.rmtree(state)
    fresh, _ = lab.instance(peer, name, 1, state)
    _, text = fresh.wait_for("restored", PATIENCE)
    records, taken = text.split()
    figures["restore rate"] = int(records) / float(taken)
    fresh.stop(120)
    shutil.rmtree(state)

    limit = lab.tool("limit_restore", "--topic", f"{name}-store-changelog", "--state", lab.folder / "limit")
    shutil.rmtree(lab.folder / "limit")
    records, taken = re.search(r"records=(\d+) seconds=([\d.]+)", limit).groups()
    figures["limit restore rate"] = int(records) / float(taken)
    lab.tool("topic_admin", "delete", f"{name}-")
    return figures


def idle(lab, peer, say):
    """An instance of 100 tasks to which nothing comes."""
    name = "idle-" + peer.label.split()[0].lower()
    say(f"{peer.label}: {IDLE_PARTITIONS} tasks, idle")
    lab.tool("topic_admin", "create", f"{name}-in", IDLE_PARTITIONS)
    lab.tool("topic_admin", "create", f"{name}-out", PARTITIONS)
    instance, _ = lab.instance(peer, name, 1, lab.folder / name)
    instance.wait_for("running", PATIENCE)
    time.sleep(10)  # all tasks are there
    before = processor_seconds(instance.child.pid)
    time.sleep(IDLE_SECONDS)
    used = processor_seconds(instance.child.pid) - before
    instance.stop(120)
    lab.tool("topic_admin", "delete", f"{name}-")
    return {"idle": 100 * used / IDLE_SECONDS}


def move(lab, peer, say):
    """Of two instances that are standbys of each other one leaves; how long its partitions get nothing."""
    name = "moved-" + peer.label.split()[0].lower()
    say(f"{peer.label}: two instances, one leaves")
    lab.tool("topic_admin", "create", f"{name}-in", PARTITIONS)
    lab.tool("topic_admin", "create", f"{name}-out", PARTITIONS, "message.timestamp.type=LogAppendTime")
    lab.tool("feed_keys", "--topic", f"{name}-in", "--keys", MOVED_KEYS)
    stays, _ = lab.instance(peer, name, 1, lab.folder / f"{name}-1")
    leaves, _ = lab.instance(peer, name, 1, lab.folder / f"{name}-2")
    feed = lab.feed(f"{name}-in", MOVED_KEYS)
    leaves.wait_for("first", PATIENCE)
    time.sleep(15)  # standbys have caught up
    at = int(time.time() * 1000)
    leaves.stop(120)
    # A program that does not leave the group shows it here, as far as this waits.
    time.sleep(MOVE_SECONDS)
    until = int(time.time() * 1000)
    feed.stop()
    stays.stop(120)
    gap = int(lab.tool("output_gap", "--topic", f"{name}-out", "--since", at, "--until", until))
    lab.tool("topic_admin", "delete", f"{name}-")
    return {"move": gap / 1000}


ROWS = (
    ("restart after SIGKILL, first record, s", "restart", "{:.2f}"),
    ("records restored then", "restored after the kill", "{:,.0f}"),
    ("stores wiped then", "wipes", "{:.0f}"),
    ("stop, s", "stop", "{:.2f}"),
    ("restore onto an empty disk, records/s", "restore rate", "{:,.0f}"),
    ("... of the limit's on the same changelog", "restore ratio", "{:.2f}"),
    ("gap of a partition whose task moves to its standby, s", "move", "{:.2f}"),
    (f"idle with {IDLE_PARTITIONS} tasks, % of a core", "idle", "{:.1f}"),
)


def table(results, options):
    def cell(figures, key, form):
        figure = figures.get(key)
        if figure in (None, []):
            return "–"
        if not isinstance(figure, list):
            return form.format(figure)
        return f"{form} ({form}..{form})".format(statistics.median(figure), min(figure), max(figure))

    for figures in results.values():
        if "restore rate" in figures:
            figures["restore ratio"] = figures["restore rate"] / figures["limit restore rate"]
    lines = [
        f"{options.keys:,} keys, {PARTITIONS} partitions, exactly_once_v2, one thread, {options.kills} kills; "
        f"{machine()}; {library(ROOT)}, librdkafka {package('librdkafka1')}, "
        "Kafka and Kafka Streams 4.3.1 (group.protocol=streams).",
        "",
        "| | " + " | ".join(results) + " |",
        "|---" * (len(results) + 1) + "|",
    ]
    lines += [f"| {title} | " + " | ".join(cell(figures, key, form) for figures in results.values()) + " |"
              for title, key, form in ROWS]
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(prog="benchmarks/run recovery")
    parser.add_argument("--programs", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--java", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--started", type=float, default=time.time(), help=argparse.SUPPRESS)
    parser.add_argument("--keys", type=int, default=2_000_000)
    parser.add_argument("--kills", type=int, default=5, help="how often the instance with state is killed")
    parser.add_argument("--only", type=re.compile, default=re.compile(""),
                        help="parts whose PART.PEER matches: kill, idle or move, and moldau or Kafka Streams")
    options = parser.parse_args()

    def say(text):
        elapsed = int(time.time() - options.started)
        print(f"[{elapsed // 60}:{elapsed % 60:02d}] {text}", file=sys.stderr, flush=True)

    compared = peers(options)
    results = {peer.label: {} for peer in compared}
    complete = True
    parts = (("kill", restart_and_restore, ()), ("idle", idle, ()), ("move", move, STANDBY_SETTINGS))
    for part, measure, settings in parts:
        for peer in compared:
            if not options.only.search(f"{part}.{peer.label}"):
                continue
            with tempfile.TemporaryDirectory(prefix="recovery-", dir=options.programs.parent) as folder:
                lab = Lab(options, Path(folder), settings)
                try:
                    results[peer.label].update(measure(lab, peer, say))
                except Failed as failure:
                    complete = False
                    say(f"{part} {peer.label}: NO FIGURE, {failure}")
                finally:
                    lab.close()
    print(table(results, options))
    return 0 if complete else 1


if __name__ == "__main__":
    sys.exit(main())
