"""One word count on a broker: its topics, its processes, its input and the look at what came out."""

import json
import os
import pathlib
import time

from processes import Failed

INPUT_PARTITIONS = 4


class WordCountRun:
    """Names are unique, so that runs can share a broker."""

    def __init__(self, world, seed, guarantee="exactly_once_v2", name="word-count", partitions=INPUT_PARTITIONS):
        self.world = world
        self.seed = seed
        self.guarantee = guarantee
        self.id = f"{name}-{seed}-{os.getpid()}-{time.time_ns() % 1_000_000_000}"
        self.input = f"{self.id}-lines"
        self.output = f"{self.id}-word-counts"
        self.changelog = f"{self.id}-counts-changelog"
        self.repartition = f"{self.id}-words-repartition"
        self.lines = 0
        self.starts = 0
        world.tool("topics", "create", world.brokers, f"{self.input}:{partitions}", f"{self.output}:{partitions}")

    def state_dir(self, name):
        return self.world.folder / f"{self.id}-{name}"

    def start(self, name, *options, program="word_count_app"):
        """Starts the instance `name` on its state."""
        self.starts += 1
        return self.world.start(f"{name}.{self.starts}", [
            self.world.program(program), "--brokers", self.world.brokers, "--application-id", self.id, "--input",
            self.input, "--output", self.output, "--guarantee", self.guarantee, "--state-dir", self.state_dir(name),
            *options])

    def produce(self, lines, rate=0, timestamp=-1):
        """Starts to send the next lines; 0: as fast as it goes. Returns the process."""
        first, self.lines = self.lines, self.lines + lines
        return self.world.start("producer", [
            self.world.program("line_producer"), "--brokers", self.world.brokers, "--topic", self.input, "--seed",
            self.seed, "--lines", lines, "--first", first, "--rate", rate, "--timestamp", timestamp])

    def produce_all(self, lines, timestamp=-1):
        producer = self.produce(lines, timestamp=timestamp)
        if producer.wait(300) != 0:
            raise Failed(f"the producer failed:\n{producer.tail()}")

    def wait_drained(self, seconds):
        """Until everything is processed and committed."""
        self.world.tool("wait_drained", self.world.brokers, self.id, seconds, self.input, self.repartition,
                        seconds=seconds + 60)

    def process_id(self, name):
        return json.loads((self.application_folder(name) / "process").read_text())["processId"]

    def application_folder(self, name):
        return self.state_dir(name) / self.id / "moldau"

    def store_identities(self, names):
        """What tells a store on disk from one that was made anew: its folder and the id that RocksDB gave it."""
        identities = {}
        for name in names:
            for file in self.application_folder(name).glob("*/counts/IDENTITY"):
                identities[str(file.parent)] = file.read_text()
        return identities

    def verify(self, names=()):
        """Runs the verifier, with the stores of stopped instances. Returns its status and what it printed."""
        arguments = []
        if names:
            dump = self.world.folder / f"{self.id}-stores"
            dump.write_text(self.world.tool("store_dump", "counts", self.id, *map(self.state_dir, names)))
            arguments = ["--stores", dump]
        done = self.world.try_tool(
            "count_verifier", "--brokers", self.world.brokers, "--group", self.id, "--input", self.input, "--output",
            self.output, "--changelog", self.changelog, "--repartition", self.repartition, "--lines", self.lines,
            "--guarantee", self.guarantee, *arguments)
        if done.returncode not in (0, 1):
            raise Failed(f"the verifier failed: {done.stderr}")
        return done.returncode, done.stdout

    def delete_topics(self):
        self.world.tool("topics", "delete", self.world.brokers, self.input, self.output, self.changelog,
                        self.repartition)


def last_line(text):
    return text.strip().splitlines()[-1]


def check_ended_well(process, status):
    stopped = process.find("stopped")
    if status != 0 or stopped is None or stopped[1] != "ok":
        raise Failed(f"{process.name} ended with status {status}; it last said\n{process.tail()}")


def programs_argument(parser):
    parser.add_argument("--programs", type=pathlib.Path, required=True, help="folder of the built programs")
    parser.add_argument("--broker-folder", default="", help="of a broker that runs; otherwise KAFKA_BROKERS, or an own one")
