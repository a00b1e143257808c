"""Short runs of word_count_kill: that it finds nothing wrong where nothing is, and something where something is.

    word_count_kill_test.py PROGRAMS BROKER_FOLDER TEST
"""

import pathlib
import re
import subprocess
import sys
import unittest

SCRIPT = pathlib.Path(__file__).resolve().parent / "word_count_kill.py"
PROGRAMS = ""
BROKER_FOLDER = ""


class WordCountKill(unittest.TestCase):
    def run_it(self, *options):
        """Returns status, what was printed, and the two numbers of the last line."""
        command = [sys.executable, "-B", SCRIPT, "--programs", PROGRAMS, "--broker-folder", BROKER_FOLDER, *options]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        print(done.stdout, flush=True)
        ending = re.search(r"^(\d+) lost, (\d+) doubled$", done.stdout.strip().rsplit("\n", 1)[-1])
        self.assertIsNotNone(ending, "no verdict at the end")
        return done.returncode, done.stdout, int(ending[1]), int(ending[2])

    def test_exactly_once(self):
        status, text, lost, doubled = self.run_it("--kills", "6", "--lines", "30000")

        self.assertEqual((0, 0, 0), (status, lost, doubled))
        self.assertRegex(text, r"(?m)^kill to first record processed: median \d+ ms, worst \d+ ms$")
        self.assertRegex(text, r"(?m)^\d of 6 kills met an open transaction$")

    def test_at_least_once_loses_nothing_and_doubles_something(self):
        status, _, lost, doubled = self.run_it("--kills", "6", "--lines", "30000", "--guarantee", "at_least_once")

        self.assertEqual((0, 0), (status, lost))
        self.assertGreater(doubled, 0)

    def test_exactly_once_without_transactions_is_found_out(self):
        status, text, lost, doubled = self.run_it("--kills", "4", "--lines", "20000", "--mutation", "no_transaction")

        self.assertEqual(1, status)
        self.assertNotIn("wrong:", text, "it is the counts that give it away")
        self.assertGreater(lost + doubled, 0)


if __name__ == "__main__":
    PROGRAMS, BROKER_FOLDER, test = sys.argv[1:]
    unittest.main(argv=[sys.argv[0], f"WordCountKill.{test}"])
