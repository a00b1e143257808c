"""Our word count and that of Kafka Streams, one after the other on one application id, and side by side.

    word_count_test.py PROGRAMS BROKER_FOLDER TEST
"""

import pathlib
import random
import sys
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "robustness"))

from application_run import check_ended_well, last_line  # noqa: E402
from kafka_streams import NO_PURGE, TERMINATED, KafkaStreams  # noqa: E402
from processes import World, broker_address  # noqa: E402
from word_count_run import WordCountRun  # noqa: E402

PROGRAMS = ""
BROKER_FOLDER = ""
SEED = random.SystemRandom().randrange(2**31)

# The first application stops after about half of the lines. They come slowly enough to have some left then.
LINES = 12_000
FIRST_LINES = 5_000
LINES_PER_SECOND = 2_500


class WordCount(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        print(f"seed {SEED}", flush=True)
        self.world = World(PROGRAMS, broker_address(BROKER_FOLDER))
        self.world.__enter__()
        self.addCleanup(self.world.__exit__)
        self.streams = KafkaStreams(self.world)

    # One after the other.

    def records(self, topic):
        return self.world.tool("log_dump", "records", self.world.brokers, topic).splitlines()

    def committed(self, run, topic):
        """Partition, offset and metadata of each partition."""
        lines = self.world.tool("log_dump", "offsets", self.world.brokers, run.id, topic).splitlines()
        return [line.split() for line in lines]

    def input_done(self, run):
        """Lines before the committed offsets. The producer has no transactions: offsets count lines."""
        return sum(max(0, int(offset)) for _, offset, *_ in self.committed(run, run.input))

    def assert_group_is_empty(self, run):
        deadline = time.monotonic() + 60
        while (state := self.streams.ask("group", self.world.brokers, run.id).split())[1:] != ["Empty"]:
            self.assertLess(time.monotonic(), deadline, f"the group is still {state}")

    def take_over(self, first, second):
        """`first` stops with input left, `second` goes on. Both are functions of the run and of what the
        application is to be told. Returns the run and the second process, stopped."""
        run = WordCountRun(self.world, SEED, name="interop")

        before = first(run, FIRST_LINES)
        before.wait_for("state RUNNING", 120)
        producer = run.produce(LINES, LINES_PER_SECOND)
        self.assertEqual(0, before.wait(120))
        check_ended_well(before, 0)
        self.assertEqual(0, producer.wait(60))
        done = self.input_done(run)
        self.assertEqual(before.number("lines"), done)
        self.assertGreaterEqual(done, FIRST_LINES)
        self.assertLess(done, LINES, "nothing is left to do")
        changelog = len(self.records(run.changelog))
        self.assertGreater(changelog, 0)
        self.assert_group_is_empty(run)

        after = second(run, 0)
        after.wait_for("state RUNNING", 120)
        run.wait_all_processed(120)
        self.assertIn(after.stop(), (0, TERMINATED))
        check_ended_well(after, 0)
        print(f"the first processed {done} of {LINES} lines, {before.number('words')} words; the second restored "
              f"{after.number('restored')} records and processed {after.number('lines')} lines, "
              f"{after.number('words')} words", flush=True)

        self.assertEqual(changelog, after.number("restored"), "it restores its changelog, all of it")
        self.assertEqual(LINES - done, after.number("lines"), "it continues from the committed offsets")
        self.assertEqual(len(self.records(run.output)), before.number("words") + after.number("words"))
        return run

    def ours(self, run, stop_after):
        return run.start("ours", f"--stop-after-lines={stop_after}", f"--set={NO_PURGE}")

    def java(self, protocol):
        return lambda run, stop_after: self.streams.start(run, protocol, stop_after)

    def assert_exact(self, run, names=()):
        status, text = run.verify(names)
        print(text, flush=True)
        self.assertEqual("0 lost, 0 doubled", last_line(text))
        self.assertEqual(0, status)
        run.delete_topics()

    def test_moldau_after_kafka_streams_classic(self):
        self.assert_exact(self.take_over(self.java("classic"), self.ours), ["ours"])

    def test_moldau_after_kafka_streams_streams(self):
        self.assert_exact(self.take_over(self.java("streams"), self.ours), ["ours"])

    def test_kafka_streams_classic_after_moldau(self):
        self.assert_exact(self.take_over(self.ours, self.java("classic")))

    def test_kafka_streams_streams_after_moldau(self):
        self.assert_exact(self.take_over(self.ours, self.java("streams")))

    # Side by side.

    def test_same_description(self):
        ours = self.world.tool("word_count_app", "--describe", "--input", "lines", "--output", "word-counts")

        self.assertEqual(self.streams.ask("describe", "lines", "word-counts"), ours)

    def count_alone(self, name, start, timestamp):
        """One partition, so that the order of all records is given by the input."""
        run = WordCountRun(self.world, SEED, name=f"interop-{name}", partitions=1)
        run.produce_all(1_000, timestamp)
        process = start(run, 0)
        process.wait_for("state RUNNING", 120)
        run.wait_all_processed(120)
        process.stop()
        check_ended_well(process, 0)
        return run

    def internal_topics(self, run):
        found = self.streams.ask("topics", self.world.brokers, run.changelog, run.repartition)
        return found.replace(run.id, "ID")

    def assert_same_bytes(self, protocol):
        timestamp = time.time_ns() // 1_000_000
        java = self.count_alone(protocol, self.java(protocol), timestamp)
        ours = self.count_alone("moldau", self.ours, timestamp)

        self.assertEqual(self.internal_topics(java), self.internal_topics(ours))
        for kind in ("repartition", "changelog", "output"):
            expected = self.records(getattr(java, kind))
            self.assertGreater(len(expected), 1_000, kind)
            self.assertEqual(expected, self.records(getattr(ours, kind)), kind)
        self.assertEqual(self.committed(java, java.input), self.committed(ours, ours.input))
        # Markers of transactions lie between the records of a repartition topic: offsets differ, times do not.
        self.assertEqual([metadata for _, _, metadata in self.committed(java, java.repartition)],
                         [metadata for _, _, metadata in self.committed(ours, ours.repartition)])
        java.delete_topics()
        ours.delete_topics()

    def test_same_topics_records_and_offsets_as_classic(self):
        self.assert_same_bytes("classic")

    def test_same_topics_records_and_offsets_as_streams(self):
        self.assert_same_bytes("streams")


if __name__ == "__main__":
    PROGRAMS, BROKER_FOLDER, test = sys.argv[1:]
    unittest.main(argv=[sys.argv[0], f"WordCount.{test}"])
