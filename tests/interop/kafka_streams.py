"""Kafka Streams beside ours: its word count, and the tools that come with Kafka."""

import pathlib
import subprocess

from processes import TIED

HERE = pathlib.Path(__file__).resolve().parent
WORD_COUNT = "moldau.interop.WordCount"

# Nothing is to be deleted from repartition topics while they are compared.
NO_PURGE = "repartition.purge.interval.ms=600000"
# What the JVM says when it was ended by SIGTERM.
TERMINATED = 143


class KafkaStreams:
    """The Java word count, and Kafka's own tools."""

    def __init__(self, world):
        built = subprocess.run([HERE / "java" / "build"], stdout=subprocess.PIPE, text=True, check=True)
        folder = built.stdout.strip()
        self.world = world
        self.java = ["java", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
                     "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-cp", f"{folder}/classes:{folder}/lib/*"]

    def start(self, run, protocol, stop_after=0):
        properties = self.world.folder / f"{run.id}.properties"
        properties.write_text("\n".join([
            f"bootstrap.servers={self.world.brokers}", f"application.id={run.id}",
            f"state.dir={run.state_dir('java')}", "processing.guarantee=exactly_once_v2",
            f"group.protocol={protocol}", NO_PURGE, ""]))
        return self.world.start("java", self.java + [
            WORD_COUNT, "run", properties, run.input, run.output, stop_after])

    def ask(self, *arguments):
        return self.tool(WORD_COUNT, *arguments)

    def tool(self, main, *arguments):
        """Runs a Java program to its end; returns what it printed."""
        done = subprocess.run(TIED + self.java + [main, *map(str, arguments)], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, text=True, timeout=60, check=True)
        return done.stdout
