"""What docs/security.md says an application must be allowed is enough, and what is missing of it is named.

    acl_test.py PROGRAMS SECURED_BROKER_FOLDER
"""

import os
import pathlib
import sys
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path += [str(HERE.parent / "robustness"), str(HERE.parent / "interop")]

from kafka_streams import KafkaStreams  # noqa: E402
from processes import World  # noqa: E402

PROGRAMS = ""
BROKER_FOLDER = pathlib.Path()

ACLS_TOOL = "moldau.interop.Acls"
LINES = 100
# Within this, counted from the start of the process, an error is told.
SOON_S = 10
# A machine that does much else may need longer; then the figure printed says so.
PATIENCE_S = 90


def rules(application, topics_in, topics_out):
    """By what is missing without it."""
    return {
        "READ input": f"READ:TOPIC:LITERAL:{topics_in}",
        "WRITE output": f"WRITE:TOPIC:LITERAL:{topics_out}",
        "READ group": f"READ:GROUP:LITERAL:{application}",
        "READ internal": f"READ:TOPIC:PREFIXED:{application}-",
        "WRITE internal": f"WRITE:TOPIC:PREFIXED:{application}-",
        "CREATE internal": f"CREATE:TOPIC:PREFIXED:{application}-",
        "DELETE internal": f"DELETE:TOPIC:PREFIXED:{application}-",
        "WRITE transactional id": f"WRITE:TRANSACTIONAL_ID:PREFIXED:{application}-",
    }


def expected(application, topics_out):
    """What the log says then, in one line."""
    return {
        "READ input": ("TOPIC_AUTHORIZATION_FAILED", "The principal needs DESCRIBE on every source"),
        "WRITE output": (f"topic {topics_out}", "TOPIC_AUTHORIZATION_FAILED", "WRITE on topics it writes"),
        "READ group": (f'group "{application}"', "GROUP_AUTHORIZATION_FAILED", "needs READ"),
        "READ internal": (f"{application}-words-repartition", "TOPIC_AUTHORIZATION_FAILED", "READ on topics it reads"),
        "WRITE internal": (f"{application}-words-repartition", "TOPIC_AUTHORIZATION_FAILED",
                           "WRITE on topics it writes"),
        "CREATE internal": ("Unauthorized to CREATE on topics", f"{application}-words-repartition"),
        "DELETE internal": ("not deleted from repartition topics", "TOPIC_AUTHORIZATION_FAILED"),
        "WRITE transactional id": ("TRANSACTIONAL_ID_AUTHORIZATION_FAILED", "needs WRITE on transactional ids"),
    }


class Application:
    """The word count as a user of its own, who lacks one rule."""

    def __init__(self, world, number, missing):
        self.world = world
        self.missing = missing
        self.id = f"acl{number}-{os.getpid()}-{time.time_ns() % 1_000_000_000}"
        self.input, self.output = f"lines-{self.id}", f"counts-{self.id}"
        self.process = None
        self.started = 0

    def grants(self):
        return [f"{self.id}:{rule}" for name, rule in rules(self.id, self.input, self.output).items()
                if name != self.missing]

    def prepare(self):
        self.world.tool("topics", "create", self.world.brokers, f"{self.input}:1", f"{self.output}:1")
        self.world.tool("line_producer", "--brokers", self.world.brokers, "--topic", self.input, "--seed", 1,
                        "--lines", LINES, "--first", 0, "--rate", 0, "--timestamp", -1)

    def start(self):
        settings = ("security.protocol=SASL_SSL", "sasl.mechanism=OAUTHBEARER",
                    "enable.sasl.oauthbearer.unsecure.jwt=true", f"sasl.oauthbearer.config=principal={self.id}",
                    f"ssl.ca.location={BROKER_FOLDER / 'tls/ca.pem'}", "repartition.purge.interval.ms=500")
        command = [self.world.program("word_count_app"), "--brokers",
                   (BROKER_FOLDER / "bootstrap.SASL").read_text().strip(), "--application-id", self.id, "--input",
                   self.input, "--output", self.output, "--guarantee", "exactly_once_v2", "--state-dir",
                   self.world.folder / self.id]
        for setting in settings:
            command += ["--set", setting]
        self.started = time.monotonic()
        self.process = self.world.start(self.id, command)

    def told(self):
        """Whether a line of the log names what is missing."""
        words = expected(self.id, self.output)[self.missing]
        lines = self.process.log.read_text(errors="replace").splitlines()
        return any(all(word in line for word in words) for line in lines)


class Acls(unittest.TestCase):
    def test_all_are_needed_and_suffice(self):
        world = World(PROGRAMS, (BROKER_FOLDER / "bootstrap").read_text().strip())
        world.__enter__()
        self.addCleanup(world.__exit__)
        complete, *lacking = [Application(world, number, missing)
                              for number, missing in enumerate([None, *rules("", "", "")])]
        KafkaStreams(world).tool(ACLS_TOOL, world.brokers, *[rule for application in (complete, *lacking)
                                                             for rule in application.grants()])

        complete.prepare()
        complete.start()
        world.tool("wait_drained", world.brokers, complete.id, PATIENCE_S, complete.input,
                   f"{complete.id}-words-repartition", seconds=PATIENCE_S + 60)
        self.assertEqual(0, complete.process.stop())
        self.assertEqual(LINES, complete.process.number("lines"))

        for application in lacking:
            application.prepare()
            application.start()
            while not application.told():
                waited = time.monotonic() - application.started
                self.assertLess(waited, PATIENCE_S, f"without {application.missing} it says only\n"
                                                    f"{application.process.tail()}")
                time.sleep(0.05)
            waited = time.monotonic() - application.started
            print(f"without {application.missing}: told after {waited:.1f} s"
                  + ("" if waited <= SOON_S else f", later than {SOON_S} s"), flush=True)
            application.process.stop()


if __name__ == "__main__":
    PROGRAMS, BROKER_FOLDER = sys.argv[1], pathlib.Path(sys.argv[2])
    unittest.main(argv=sys.argv[:1])
