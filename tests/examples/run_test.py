"""examples/run builds an example and runs it; its standard output is the example's alone."""

import subprocess
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RUN = ROOT / "examples" / "run"


def run(*arguments):
    return subprocess.run([RUN, "--no-install", *arguments], capture_output=True, text=True)


class Run(unittest.TestCase):
    def test_runs_word_count_when_nothing_is_named(self):
        run()  # builds
        result = run()

        self.assertEqual(0, result.returncode, result.stderr)
        self.assertIn("the\t", result.stdout)
        self.assertEqual("", result.stderr)  # nothing to do, nothing to say

    def test_hands_arguments_on(self):
        refused = run("word_count", "--no-such-option")
        self.assertNotEqual(0, refused.returncode)
        self.assertIn("--no-such-option", refused.stderr)

        text = ROOT / "examples" / "data" / "river.txt"
        self.assertEqual(run().stdout, run("--input", text).stdout)

    def test_says_how_it_is_called(self):
        result = run("--help")

        self.assertEqual(0, result.returncode)
        self.assertIn("examples/run", result.stdout)

    def test_an_unknown_example_is_refused_with_those_there_are(self):
        result = run("word_cuont")

        self.assertEqual(2, result.returncode)
        self.assertIn("word_count", result.stderr)
        self.assertEqual("", result.stdout)


if __name__ == "__main__":
    unittest.main()
