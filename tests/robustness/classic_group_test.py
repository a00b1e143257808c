"""A word count whose instances follow the classic group protocol.

    classic_group_test.py PROGRAMS BROKER_FOLDER TEST
"""

import os
import pathlib
import random
import re
import subprocess
import sys
import unittest

from application_run import check_ended_well
from processes import World, broker_address
from word_count_run import WordCountRun

KILL = pathlib.Path(__file__).resolve().parent / "word_count_kill.py"
PROGRAMS = ""
BROKER_FOLDER = ""
INSTANCES = ["instance1", "instance2"]


class ClassicGroup(unittest.TestCase):
    def setUp(self):
        self.seed = int(os.environ.get("MOLDAU_SEED", random.SystemRandom().randrange(2**31)))
        print(f"MOLDAU_SEED={self.seed}", flush=True)

    def start_all(self, run, *settings):
        return [run.start(name, *[f"--set={setting}" for setting in settings]) for name in INSTANCES]

    def kills_on_a_broker_with(self, **settings):
        environment = {**os.environ, **settings}
        environment.pop("KAFKA_BROKERS", None)
        command = [sys.executable, "-B", KILL, "--programs", PROGRAMS, "--kills", "4", "--lines", "20000",
                   "--interval", "4", "--seed", str(self.seed)]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
                              env=environment)
        print(done.stdout, flush=True)

        self.assertEqual(0, done.returncode)
        self.assertTrue(re.search(r"^0 lost, 0 doubled$", done.stdout.strip().rsplit("\n", 1)[-1]))

    def test_kills_on_a_broker_without_streams_groups(self):
        """With group.protocol=auto: the instances find out."""
        self.kills_on_a_broker_with(MOLDAU_BROKER_FEATURES="streams.version=0")

    def test_kills_on_the_oldest_broker(self):
        self.kills_on_a_broker_with(MOLDAU_BROKER_VERSION="3.0.2")

    def test_offsets_and_stores_stay_from_one_protocol_to_the_other_and_back(self):
        with World(PROGRAMS, broker_address(BROKER_FOLDER)) as world:
            run = WordCountRun(world, self.seed, name="protocols")
            stores = {}
            for protocol in ("streams", "classic", "streams"):
                instances = self.start_all(run, f"group.protocol={protocol}")
                run.produce_all(2000)
                run.wait_all_processed(120)
                for instance in instances:
                    check_ended_well(instance, instance.stop())
                for folder, identity in run.store_identities(INSTANCES).items():
                    self.assertEqual(identity, stores.setdefault(folder, identity), "a store was made anew")
                # What was processed twice, or not at all, shows in the counts.
                status, text = run.verify(INSTANCES)
                print(f"{protocol}: {text}", flush=True)
                self.assertEqual(0, status)

    def test_the_tasks_of_a_killed_instance_move_when_its_session_ends(self):
        with World(PROGRAMS, broker_address(BROKER_FOLDER)) as world:
            run = WordCountRun(world, self.seed, name="session")
            victim, survivor = self.start_all(run, "group.protocol=classic", "session.timeout.ms=6000",
                                              "heartbeat.interval.ms=500")
            run.produce_all(2000)
            run.wait_all_processed(120)
            victim.kill()

            run.produce_all(2000)
            run.wait_all_processed(120)
            check_ended_well(survivor, survivor.stop())

            status, text = run.verify(INSTANCES[1:])
            print(text, flush=True)
            self.assertEqual(0, status)


if __name__ == "__main__":
    PROGRAMS, BROKER_FOLDER, test = sys.argv[1:]
    unittest.main(argv=[sys.argv[0], f"ClassicGroup.{test}"])
