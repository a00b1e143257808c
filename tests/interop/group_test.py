"""One streams group with Kafka Streams in it, and with Kafka's own tools at it.

    group_test.py PROGRAMS BROKER_FOLDER TEST
"""

import pathlib
import random
import shutil
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "robustness"))

from application_run import check_ended_well, last_line  # noqa: E402
from kafka_streams import TERMINATED, KafkaStreams  # noqa: E402
from processes import World, broker_address  # noqa: E402
from word_count_run import WordCountRun  # noqa: E402

PROGRAMS = ""
BROKER_FOLDER = ""
SEED = random.SystemRandom().randrange(2**31)

GROUPS_TOOL = "org.apache.kafka.tools.streams.StreamsGroupCommand"
RESET_TOOL = "org.apache.kafka.tools.StreamsResetter"

# Lines go on while instances of both kinds die and come back.
FLEET_LINES = 40_000
FLEET_LINES_PER_SECOND = 800
# A member that was killed is given up soon.
SHORT_SESSIONS = ("group.streams.min.session.timeout.ms=6000", "group.streams.session.timeout.ms=8000",
                  "group.streams.min.heartbeat.interval.ms=1000", "group.streams.heartbeat.interval.ms=2000")


class Group(unittest.TestCase):
    def enter(self, brokers="", settings=()):
        print(f"seed {SEED}", flush=True)
        self.world = World(PROGRAMS, brokers, broker_settings=settings)
        self.world.__enter__()
        self.addCleanup(self.world.__exit__)
        self.streams = KafkaStreams(self.world)

    def test_mixed_fleet(self):
        self.enter(settings=SHORT_SESSIONS)
        run = WordCountRun(self.world, SEED, name="fleet")
        ours = run.start("ours")
        java = self.streams.start(run, "streams")
        for instance in (ours, java):
            instance.wait_for("state RUNNING", 120)
        producer = run.produce(FLEET_LINES, FLEET_LINES_PER_SECOND)
        for instance in (ours, java):
            instance.wait_for("first_record", 60)

        java.kill()
        java = self.streams.start(run, "streams")
        java.wait_for("first_record", 60)
        self.assertIsNone(producer.child.poll(), "lines come while Kafka Streams is killed and comes back")
        ours.kill()
        ours = run.start("ours")
        ours.wait_for("first_record", 60)
        self.assertIsNone(producer.child.poll(), "lines come while ours is killed and comes back")
        self.assertEqual(0, producer.wait(120))
        run.wait_all_processed(120)

        self.assertEqual(0, ours.stop())
        self.assertIn(java.stop(), (0, TERMINATED))
        for instance in (ours, java):
            check_ended_well(instance, 0)
            print(f"{instance.name} processed {instance.number('lines')} lines", flush=True)
            self.assertGreater(instance.number("lines"), 0)
        status, text = run.verify()
        print(text, flush=True)
        self.assertEqual("0 lost, 0 doubled", last_line(text))
        self.assertEqual(0, status)

    def groups_tool(self, run, *arguments):
        """What it prints about the group of the run, by the words of its first line."""
        text = self.streams.tool(GROUPS_TOOL, "--bootstrap-server", self.world.brokers, "--describe", "--group",
                                 run.id, *arguments)
        print(text, flush=True)
        head, *lines = [line.split() for line in text.splitlines() if line.strip()]
        return [dict(zip(head, line)) for line in lines]

    def test_groups_tool_describes_our_members(self):
        self.enter(broker_address(BROKER_FOLDER))
        run = WordCountRun(self.world, SEED, name="described")
        names = ("one", "two")
        instances = [run.start(name) for name in names]
        for instance in instances:
            instance.wait_for("state RUNNING", 120)
        run.produce_all(1_000)
        run.wait_all_processed(120)

        members = self.groups_tool(run, "--members", "--verbose")
        self.assertEqual(sorted(run.process_id(name) for name in names), sorted(member["PROCESS"] for member in members))
        for member in members:
            self.assertEqual("streams", member["MEMBER-PROTOCOL"])
            self.assertEqual(f"{run.id}-{member['PROCESS']}-StreamThread-1-consumer", member["CLIENT-ID"])
        lags = self.groups_tool(run, "--offsets")
        self.assertEqual({run.input, run.repartition}, {lag["TOPIC"] for lag in lags})
        self.assertEqual({"0"}, {lag["OFFSET-LAG"] for lag in lags})

        for instance in instances:
            self.assertEqual(0, instance.stop())
        run.delete_topics()

    def test_reset_tool_starts_our_application_anew(self):
        self.enter(broker_address(BROKER_FOLDER))
        run = WordCountRun(self.world, SEED, name="reset")
        first = run.start("ours")
        first.wait_for("state RUNNING", 120)
        run.produce_all(1_000)
        run.wait_all_processed(120)
        self.assertEqual(0, first.stop())

        print(self.streams.tool(RESET_TOOL, "--bootstrap-server", self.world.brokers, "--application-id", run.id,
                                "--input-topics", run.input), flush=True)
        shutil.rmtree(run.application_folder("ours"))
        second = run.start("ours")
        second.wait_for("state RUNNING", 120)
        run.wait_all_processed(120)
        self.assertEqual(0, second.stop())

        self.assertEqual(1_000, second.number("lines"), "it processes the input from its beginning")
        self.assertEqual(0, second.number("restored"), "the changelog of before is gone")
        run.delete_topics()


if __name__ == "__main__":
    PROGRAMS, BROKER_FOLDER, test = sys.argv[1:]
    unittest.main(argv=[sys.argv[0], f"Group.{test}"])
