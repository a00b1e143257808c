"""A word count whose surroundings fail for a while: the broker is away or throttles, the disk takes no more.

    outages_test.py PROGRAMS TEST

MOLDAU_OUTAGE_SECONDS: how long the broker is away; otherwise 10.
"""

import os
import random
import sys
import time
import unittest

from application_run import check_ended_well
from client_quotas import set_default_quotas
from processes import World
from word_count_run import WordCountRun

PROGRAMS = ""
SECONDS_AWAY = float(os.environ.get("MOLDAU_OUTAGE_SECONDS", "10"))
LARGEST_SHARE_OF_A_CORE = 0.05
# The commit is given up after ten seconds without an answer, the transaction's abort after as many.
STOPPED_WITHIN = 40
# Of a quota: bytes a second.
SLOW = 40_000
# What a process may write into one file, and what it does then, as with a full disk: the call fails.
SMALL_FILES = ["env", "--ignore-signal=XFSZ", "prlimit", "--fsize=150000", "--"]


def processor_seconds(process):
    with open(f"/proc/{process.child.pid}/stat", encoding="utf-8") as stat:
        fields = stat.read().rpartition(")")[2].split()
    user, system = int(fields[11]), int(fields[12])
    return (user + system) / os.sysconf("SC_CLK_TCK")


class Outages(unittest.TestCase):
    def setUp(self):
        self.seed = int(os.environ.get("MOLDAU_SEED", random.SystemRandom().randrange(2**31)))
        print(f"MOLDAU_SEED={self.seed}", flush=True)

    def verify(self, run, instance):
        """Stops the instance; its counts must be those of the input, and its stores what they were."""
        run.wait_all_processed(120)
        check_ended_well(instance, instance.stop())
        self.assertIsNone(instance.find("wipes"))
        status, text = run.verify(["instance"])
        print(text, flush=True)
        self.assertEqual(0, status)

    def test_a_broker_that_is_away_costs_no_record_and_little_time(self):
        with World(PROGRAMS, kills_broker=True) as world:
            run = WordCountRun(world, self.seed, name="away")
            instance = run.start("instance")
            run.produce_all(20_000)
            instance.wait_for("first_record", 60)  # and most are still to come
            world.broker.kill()

            before = processor_seconds(instance)
            end = time.monotonic() + SECONDS_AWAY
            while time.monotonic() < end:
                instance.check()
                time.sleep(0.1)
            share = (processor_seconds(instance) - before) / SECONDS_AWAY
            self.assertEqual(0, world.broker.restart().wait(120))
            back = time.monotonic()
            run.produce_all(1_000)
            run.wait_all_processed(120)

            print(f"{share:.3f} of a core while the broker was away; all done {time.monotonic() - back:.1f} s after "
                  "its return")
            self.assertLess(share, LARGEST_SHARE_OF_A_CORE)
            self.verify(run, instance)

    def test_a_broker_that_does_not_come_back_ends_the_application_in_its_own_time(self):
        with World(PROGRAMS, kills_broker=True) as world:
            run = WordCountRun(world, self.seed, name="gone")
            instance = run.start("instance", "--set=task.timeout.ms=3000")
            run.produce_all(20_000)
            instance.wait_for("first_record", 60)
            world.broker.kill()

            self.assertEqual(1, instance.wait(60))
            self.assertIn("given up after task.timeout.ms", instance.tail())

            # What it has left behind is a state like any other.
            self.assertEqual(0, world.broker.restart().wait(120))
            self.verify(run, run.start("instance"))

    def test_an_application_can_be_stopped_while_the_broker_is_away(self):
        with World(PROGRAMS, kills_broker=True) as world:
            run = WordCountRun(world, self.seed, name="stopped")
            instance = run.start("instance")
            run.produce_all(20_000)
            instance.wait_for("first_record", 60)  # and a transaction is open
            world.broker.kill()

            stopping = time.monotonic()
            check_ended_well(instance, instance.stop(STOPPED_WITHIN))
            print(f"stopped within {time.monotonic() - stopping:.1f} s")

            self.assertEqual(0, world.broker.restart().wait(120))
            self.verify(run, run.start("instance"))

    def test_a_quota_slows_down_and_costs_no_record(self):
        with World(PROGRAMS) as world:
            run = WordCountRun(world, self.seed, name="quota")
            run.produce_all(5_000)
            set_default_quotas(world.brokers, {"producer_byte_rate": SLOW})
            begun = time.monotonic()
            # Time enough for all of it to be in one transaction, on a slow machine, too.
            instance = run.start("instance", "--set=commit.interval.ms=3000")
            run.wait_all_processed(240)
            seconds = time.monotonic() - begun

            # Each word is written three times: to the repartition topic, the changelog and the output.
            print(f"{seconds:.1f} s for 75,000 records at {SLOW} bytes/s")
            # All of it at once is more than the broker takes before a transaction times out.
            self.assertIn("for now there is a commit after each", instance.log.read_text())
            self.verify(run, instance)

    def test_a_disk_that_takes_no_more_stops_the_application_and_the_next_start_catches_up(self):
        with World(PROGRAMS) as world:
            run = WordCountRun(world, self.seed, name="disk")
            instance = run.start("instance", under=SMALL_FILES)
            instance.wait_for("state RUNNING", 60)
            identities = run.store_identities(["instance"])
            self.assertEqual(4, len(identities))
            run.produce_all(20_000)

            self.assertEqual(1, instance.wait(120))
            self.assertIn("File too large", instance.tail())
            self.assertIn("/counts: cannot ", instance.tail())

            again = run.start("instance")
            self.verify(run, again)
            self.assertEqual(identities, run.store_identities(["instance"]), "a store was made anew")


if __name__ == "__main__":
    PROGRAMS, test = sys.argv[1:]
    unittest.main(argv=[sys.argv[0], f"Outages.{test}"])
