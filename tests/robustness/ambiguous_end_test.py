"""A word count whose requests to commit are lost, late or cut off on their way to a real broker.

    ambiguous_end_test.py PROGRAMS TEST

librdkafka asks again by itself, so that the broker may have two requests. The first may come when the next
transaction is open, and would end that one: half of it, without its offsets.
"""

import os
import random
import socket
import sys
import time
import unittest

from application_run import check_ended_well
from end_txn_proxy import ANSWER_LOST, HALF_CLOSED, LATE, UNANSWERED, EndTxnProxy
from processes import Failed, World
from word_count_run import Flow, WordCountRun

PROGRAMS = ""
INSTANCE = "instance"
# With the mistake the first nearly always shows.
MOST_MISTAKES = 6
# The lines.
BATCH = 1_000
RATE = 1_000
# What says on the log that an end was not clean.
REPLACED = "the end of a transaction was repeated or late; going on with a new producer"
# What says that a transaction could not be completed.
FAILED = "back to the last commit"
# A broker's errors for a producer that is none any more: INVALID_PRODUCER_EPOCH, PRODUCER_FENCED.
FENCED = {47, 90}
# Generous: the machine may be busy.
SECONDS_FOR_ONE = 30


def free_ports(count):
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in held]
    for each in held:
        each.close()
    return ports


def broker_settings(proxied, advertised):
    """Of a broker that sends who comes to port `proxied` to another address ever after. Its own address stays
    as it is, for programs that only look."""
    direct, controller = free_ports(2)
    listeners = f"PLAINTEXT://127.0.0.1:{direct},PROXIED://127.0.0.1:{proxied}"
    return [
        f"listeners={listeners},CONTROLLER://127.0.0.1:{controller}",
        f"advertised.listeners=PLAINTEXT://127.0.0.1:{direct},PROXIED://{advertised}",
        f"controller.quorum.voters=1@127.0.0.1:{controller}",
        "inter.broker.listener.name=PLAINTEXT",
        "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,PROXIED:PLAINTEXT,CONTROLLER:PLAINTEXT",
    ]


class SpoiledRun:
    """A word count on a broker behind a proxy, to which lines flow."""

    def __init__(self, world, proxy, seed, *options, may_fail=False):
        self.proxy = proxy
        self.random = random.Random(seed)
        self.options = options
        self.may_fail = may_fail  # the application; then another takes its place
        self.begun = time.monotonic()
        self.run = WordCountRun(world, seed, name="ambiguous-end")
        self.run.way_in = proxy.address
        self.processes = []
        self.start()
        self.current().wait_for("state RUNNING", 60)
        self.flow = Flow(self.run, BATCH, RATE)
        self.current().wait_for("first_record", 60)
        self.stores = self.run.store_identities([INSTANCE])

    def start(self):
        self.processes.append(self.run.start(INSTANCE, "--set=num.stream.threads=2", *self.options))
        self.current().expected_end = self.may_fail

    def current(self):
        return self.processes[-1]

    def replaced(self):
        """How often the log says that a producer was replaced."""
        return sum(process.log.read_text(errors="replace").count(REPLACED) for process in self.processes)

    def failed(self):
        """Whether it could not go on from where it was."""
        return len(self.processes) > 1 or FAILED in self.current().log.read_text(errors="replace")

    def spoil(self, how):
        """Spoils one of the next commits, and waits until all has come of it that will."""
        end = self.proxy.spoil(how, self.random.randrange(8), self.random.randrange(1, 5))
        self.wait_until(f"the end of the {how} one", end.over.is_set)
        print(f"{time.monotonic() - self.begun:.1f} s: {end}", flush=True)
        return end

    def wait_until(self, what, happened):
        deadline = time.monotonic() + SECONDS_FOR_ONE
        while not happened():
            self.proxy.check()
            self.current().check()
            if self.current().child.poll() is not None:
                self.start()
            self.flow.go_on()
            if time.monotonic() > deadline:
                raise Failed(f"{what}: not within {SECONDS_FOR_ONE} s; the application last said\n{self.current().tail()}")
            time.sleep(0.02)

    def finish(self):
        """Status of the verifier, and what it printed."""
        self.flow.finish()
        if self.may_fail:
            # What it made is looked at when a sound one has done what it left over.
            self.current().stop()
            self.options = ()
            self.start()
        self.run.wait_all_processed(60)
        check_ended_well(self.current(), self.current().stop())
        status, text = self.run.verify([INSTANCE])
        print(f"{time.monotonic() - self.begun:.1f} s: {text}", flush=True)
        return status, text


class AmbiguousEnd(unittest.TestCase):
    def setUp(self):
        self.seed = int(os.environ.get("MOLDAU_SEED", random.SystemRandom().randrange(2**31)))
        print(f"MOLDAU_SEED={self.seed}", flush=True)
        (proxied,) = free_ports(1)
        proxy = self.enterContext(EndTxnProxy(("127.0.0.1", proxied)))
        world = self.enterContext(World(PROGRAMS, broker_settings=broker_settings(proxied, proxy.address)))
        self.start = lambda *options, **more: SpoiledRun(world, proxy, self.seed, *options, **more)

    def survives(self, hows, *options):
        """The spoiled ends of a run in which each was noticed, and nothing is wrong at the end; and how often a
        producer was replaced."""
        run = self.start(*options)
        ends = []
        for how in hows:
            ends.append(run.spoil(how))
            run.wait_until("another producer", lambda: run.replaced() >= len(ends))
        status, text = run.finish()

        self.assertIsNone(run.current().find("wipes"))
        stores = run.run.store_identities([INSTANCE])
        self.assertEqual(stores | run.stores, stores, "a store was made anew")
        self.assertEqual((0, "0 lost, 0 doubled"), (status, text.strip().rsplit("\n", 1)[-1]))
        return ends, run.replaced()

    def test_lost_cut_off_or_late(self):
        hows = [ANSWER_LOST, HALF_CLOSED, LATE] * 3
        random.Random(self.seed).shuffle(hows)
        ends, replaced = self.survives(hows)

        self.assertEqual(len(ends), replaced)
        self.assertLessEqual({end.late_error for end in ends if end.how == LATE}, FENCED)

    def test_never_answered(self):
        # Nothing breaks: it is librdkafka that waits no longer. On a busy machine other answers may take too long, too.
        _, replaced = self.survives([UNANSWERED] * 2, "--set=producer.request.timeout.ms=3000")

        self.assertGreaterEqual(replaced, 2)

    def test_late_and_believed_to_be_clean(self):
        """Nothing but its replacing protects a producer that speaks EndTxn as librdkafka does."""
        run = self.start("--mutation=no_clean_check", may_fail=True)
        ends = []
        while not run.failed() and len(ends) < MOST_MISTAKES:
            ends.append(run.spoil(LATE))
        status, text = run.finish()

        self.assertEqual(0, run.replaced())
        self.assertIn(0, {end.late_error for end in ends}, "the broker has refused all of them")
        self.assertEqual(1, status)
        self.assertNotRegex(text, r"(?m)^0 lost, 0 doubled$")


if __name__ == "__main__":
    PROGRAMS, test = sys.argv[1:]
    unittest.main(argv=[sys.argv[0], f"AmbiguousEnd.{test}"])
