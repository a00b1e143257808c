"""What is compared, and how each is started."""

import ctypes.util
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Callable

TOPOLOGIES = ("pipe", "count")
GUARANTEES = ("at_least_once", "exactly_once_v2")

# The commit interval of exactly_once_v2, by default, of Kafka Streams and of this library.
TRANSACTION_MS = "100"
JVM = ("-Xms256m", "-Xmx1g", "-XX:+UseG1GC")


@dataclass(frozen=True)
class Places:
    programs: Path
    java: Path
    input: str
    output: str
    changelog: str
    records: int
    application: str
    state: Path


@dataclass(frozen=True)
class Program:
    label: str
    title: str
    command: Callable  # (Places, topology, guarantee) -> list of arguments
    limit: str  # the label of the yardstick under the same allocator
    wants_changelog: bool = False  # Kafka Streams and this library make theirs


def limit(places, topology, guarantee):
    command = [places.programs / f"limit_{topology}", "--in", places.input, "--out", places.output,
               "--records", str(places.records)]
    if topology == "count":
        command += ["--changelog", places.changelog, "--state", places.state]
    if guarantee == "exactly_once_v2":
        command += ["--transaction-ms", TRANSACTION_MS]
    return command


def peer_arguments(places, topology, guarantee):
    return [topology, places.input, places.output, str(places.records), places.application, places.state,
            f"processing.guarantee={guarantee}"]


def kafka_streams(places, topology, guarantee):
    classpath = f"{places.java}/classes:{places.java}/lib/*"
    return ["java", *JVM, "-cp", classpath, "bench.StreamsPeer", *peer_arguments(places, topology, guarantee)]


def moldau(places, topology, guarantee):
    return [places.programs / "moldau_peer", *peer_arguments(places, topology, guarantee)]


@lru_cache
def jemalloc():
    library = ctypes.util.find_library("jemalloc")
    if library is None:
        raise SystemExit("jemalloc is not installed")
    return library


def with_jemalloc(command):
    # env becomes the program, so what is measured is the program alone.
    return lambda *args: ["env", f"LD_PRELOAD={jemalloc()}", *command(*args)]


PROGRAMS = (
    Program("limit", "librdkafka alone", limit, limit="limit", wants_changelog=True),
    Program("limit-jemalloc", "librdkafka alone, jemalloc", with_jemalloc(limit), limit="limit-jemalloc",
            wants_changelog=True),
    Program("java", "Kafka Streams", kafka_streams, limit="limit"),
    Program("moldau", "moldau", moldau, limit="limit"),
    Program("moldau-jemalloc", "moldau, jemalloc", with_jemalloc(moldau), limit="limit-jemalloc"),
)
