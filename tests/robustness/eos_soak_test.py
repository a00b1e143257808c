"""Short soaks: that one finds nothing wrong where nothing is, and something where something is.

    eos_soak_test.py PROGRAMS TEST
"""

import pathlib
import re
import subprocess
import sys
import unittest

SCRIPT = pathlib.Path(__file__).resolve().parent / "eos_soak.py"
PROGRAMS = ""
# The broker dies after a minute.
SECONDS = 90
# Without that: its death is the same by either guarantee, and runs of minutes have it.
SECONDS_AT_LEAST_ONCE = 45


class EosSoak(unittest.TestCase):
    def run_it(self, seconds, *options):
        """Returns status and what was printed."""
        command = [sys.executable, "-B", SCRIPT, "--programs", PROGRAMS, "--minutes", str(seconds / 60), *options]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        print(done.stdout, flush=True)
        return done.returncode, done.stdout

    def test_exactly_once(self):
        status, text = self.run_it(SECONDS)

        self.assertEqual(0, status)
        self.assertEqual("0 lost, 0 doubled, 0 out of order", text.strip().rsplit("\n", 1)[-1])
        self.assertRegex(text, r"(?m)^restarts +p50 \d+ ms, p99 \d+ ms \(\d+ measured\)$")
        self.assertRegex(text, r"(?m)^broker kills +1$")

    def test_at_least_once_loses_nothing_and_keeps_the_order(self):
        status, text = self.run_it(SECONDS_AT_LEAST_ONCE, "--guarantee", "at_least_once")

        self.assertEqual(0, status)
        self.assertRegex(text, r"(?m)^0 lost, \d+ doubled, 0 out of order$")

    def test_a_mistake_is_found_out(self):
        status, text = self.run_it(30, "--mutation", "offset-of-last-record")

        self.assertEqual(1, status)
        doubled = re.search(r"(?m)^\d+ lost, (\d+) doubled, \d+ out of order$", text)
        self.assertIsNotNone(doubled, "no verdict at the end")
        self.assertGreater(int(doubled[1]), 0)


if __name__ == "__main__":
    PROGRAMS, test = sys.argv[1:]
    unittest.main(argv=[sys.argv[0], f"EosSoak.{test}"])
