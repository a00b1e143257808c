"""One soak on a broker: its topics, its input and the look at what came out."""

import pathlib
import time

from application_run import ApplicationRun
from processes import Failed
from topic_settings import set_topic

PARTITIONS = 12
INPUTS = ("events", "profiles")
OUTPUTS = ("counts", "totals", "windows", "joined")
STORES = ("counts", "totals", "windows", "profiles")
# Time of the events goes faster than the clock, so that there are many windows. They end before now: a broker
# refuses records of the future.
FASTER = 5
# Of a changelog: the cleaner of the broker drops deletions as soon as it comes by.
CLEANED_AT_ONCE = {"delete.retention.ms": "0", "segment.ms": "5000", "min.cleanable.dirty.ratio": "0.001"}
CLEANED_AFTER_A_DAY = {"delete.retention.ms": "86400000"}
BEGINS_BEFORE = 24 * 3600


class SoakRun(ApplicationRun):
    def __init__(self, world, seed, guarantee, program):
        super().__init__(world, seed, guarantee, "soak")
        self.program = program
        self.events = 0
        self.options_of_verifier = []
        world.tool("topics", "create", world.brokers, *[f"{self.topic(name)}:{PARTITIONS}" for name in INPUTS + OUTPUTS])

    def topic(self, name):
        return f"{self.id}-{name}"

    def start(self, name, *options):
        return self.start_instance(name, self.program, "--topics", self.id, *options)

    def produce(self, events, rate):
        self.events = events
        return self.world.start("producer", [
            self.world.program("event_producer"), "--brokers", self.world.brokers, "--events", self.topic("events"),
            "--profiles", self.topic("profiles"), "--seed", self.seed, "--count", events, "--rate", rate,
            "--start", int(time.time() - BEGINS_BEFORE) * 1000, "--step", max(1, FASTER * 1000 // rate)])

    def wait_all_processed(self, seconds):
        self.wait_drained(seconds, *[self.topic(name) for name in INPUTS], f"{self.id}-by-user-repartition")

    def have_days_pass_quickly(self):
        """From now on the broker drops deletions as soon as it can, until somebody has been away for a day."""
        set_topic(self.world.brokers, f"{self.id}-profiles-changelog", CLEANED_AT_ONCE)
        self.options_of_verifier = ["--compacted"]

    def let_a_day_pass(self):
        """Deletions from now on stay for a day."""
        set_topic(self.world.brokers, f"{self.id}-profiles-changelog", CLEANED_AFTER_A_DAY)

    def stores_with_position(self, name):
        """Position and identity, by folder, of the stores with deletions of an instance that does not run."""
        stores = {}
        for line in self.world.tool("store_dump", "profiles", self.id, self.state_dir(name)).splitlines():
            kind, _, position, folder = (line.split(" ", 3) + [""] * 3)[:4]
            if kind == "store" and int(position) >= 0:
                stores[folder] = int(position), (pathlib.Path(folder) / "IDENTITY").read_text()
        return stores

    def verify(self, names):
        """Runs the verifier, with the stores of the stopped instances. Returns its status and what it printed."""
        folder = self.world.folder / "stores"
        folder.mkdir(exist_ok=True)
        for store in STORES:
            self.dump_store(folder / store, store, names, *(["--windows"] if store == "windows" else []))
        done = self.world.try_tool(
            "soak_verifier", "--brokers", self.world.brokers, "--group", self.id, "--topics", self.id, "--events",
            self.events, "--stores", folder, "--guarantee", self.guarantee, *self.options_of_verifier, seconds=900)
        if done.returncode not in (0, 1):
            raise Failed(f"the verifier failed: {done.stderr}")
        return done.returncode, done.stdout
