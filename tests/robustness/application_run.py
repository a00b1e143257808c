"""One run of an application: what it is called, its instances and where their state lies."""

import json
import os
import pathlib
import time

from processes import Failed


class ApplicationRun:
    """Names are unique, so that runs can share a broker."""

    def __init__(self, world, seed, guarantee, name):
        self.world = world
        self.seed = seed
        self.guarantee = guarantee
        self.id = f"{name}-{seed}-{os.getpid()}-{time.time_ns() % 1_000_000_000}"
        self.starts = 0
        self.way_in = world.brokers  # where its instances find the cluster

    def state_dir(self, name):
        return self.world.folder / f"{self.id}-{name}"

    def start_instance(self, name, program, *options, under=()):
        """Starts the instance `name` on its state; `under` a command that becomes the program it is given."""
        self.starts += 1
        return self.world.start(f"{name}.{self.starts}", [
            *under, self.world.program(program), "--brokers", self.way_in, "--application-id", self.id, "--guarantee",
            self.guarantee, "--state-dir", self.state_dir(name), *options])

    def wait_drained(self, seconds, *topics):
        """Until everything in these topics is processed and committed."""
        self.world.tool("wait_drained", self.world.brokers, self.id, seconds, *topics, seconds=seconds + 60)

    def process_id(self, name):
        return json.loads((self.application_folder(name) / "process").read_text())["processId"]

    def application_folder(self, name):
        return self.state_dir(name) / self.id / "moldau"

    def store_identities(self, names):
        """What tells a store on disk from one that was made anew: its folder and the id that RocksDB gave it."""
        identities = {}
        for name in names:
            for file in self.application_folder(name).glob("*/*/IDENTITY"):
                # A process that lives may be about to make or to move it.
                try:
                    identities[str(file.parent)] = file.read_text()
                except FileNotFoundError:
                    pass
        return {folder: text for folder, text in identities.items() if text}

    def dump_store(self, file, store, names, *options):
        """Writes into a file what the stores of stopped instances hold."""
        file.write_text(self.world.tool("store_dump", *options, store, self.id, *map(self.state_dir, names)))


def last_line(text):
    return text.strip().splitlines()[-1]


def check_ended_well(process, status):
    stopped = process.find("stopped")
    if status != 0 or stopped is None or stopped[1] != "ok":
        raise Failed(f"{process.name} ended with status {status}; it last said\n{process.tail()}")


def programs_argument(parser):
    parser.add_argument("--programs", type=pathlib.Path, required=True, help="folder of the built programs")
