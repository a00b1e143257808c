"""The differential test sees what differs and says how to see it again. Needs no Java: oracle and runner are played."""

import io
import pathlib
import sys
import tempfile
import unittest

import differential
from differential import Case, compare, draw, without_program


class PlayedOracle:
    def __init__(self, topologies=()):
        self.names = set(topologies)

    def topologies(self):
        return self.names

    def generate(self, cases, folder):
        for case in cases:
            (folder / case.file()).write_text("{}")


def played_runner(folder, script):
    program = pathlib.Path(folder) / "runner"
    program.write_text(f"#!{sys.executable}\n{script}")
    program.chmod(0o755)
    return differential.Runner(program)


class Drawing(unittest.TestCase):
    TOPOLOGIES = {"a.one", "a.two", "b.three"}

    def texts(self, *arguments):
        return [str(case) for case in draw(self.TOPOLOGIES, *arguments)]

    def test_a_seed_draws_the_same_again(self):
        self.assertEqual(self.texts("7", 10, None), self.texts("7", 10, None))

    def test_another_seed_draws_something_else(self):
        self.assertNotEqual(self.texts("7", 10, None), self.texts("8", 10, None))

    def test_topologies_take_turns(self):
        cases = draw(self.TOPOLOGIES, "7", 6, None)
        self.assertEqual(self.TOPOLOGIES, {case.topology for case in cases[:3]})
        self.assertEqual(self.TOPOLOGIES, {case.topology for case in cases[3:]})

    def test_a_topology_alone_gets_the_case_it_gets_among_others(self):
        alone = draw({"a.two"}, "7", 1, None)
        among = [case for case in draw(self.TOPOLOGIES, "7", 3, None) if case.topology == "a.two"]
        self.assertEqual(str(alone[0]), str(among[0]))

    def test_caches_of_windows_by_time_begin_at_zero(self):
        cached = [case for case in draw({"emit.one"}, "7", 60, None) if "cache=10000000" in case.options]
        self.assertGreater(len(cached), 0)
        self.assertEqual({1}, {case.seed % 3 for case in cached})

    def test_a_case_is_read_as_it_is_written(self):
        for text in ("a.one:12:80", "a.one:12:80:leaps:cache=100"):
            self.assertEqual(text, str(Case.parse(text)))


class Comparing(unittest.TestCase):
    CASES = [Case("a.one", 5, 40), Case("a.two", 6, 80)]

    def compare(self, script):
        out = io.StringIO()
        with tempfile.TemporaryDirectory() as folder:
            runner = played_runner(folder, script)
            return compare(self.CASES, PlayedOracle(), runner, pathlib.Path(folder), out), out.getvalue()

    def test_all_passed(self):
        equal, said = self.compare("print('2 passed, 0 failed')")
        self.assertTrue(equal)
        self.assertEqual("2 passed, 0 failed\n", said)

    def test_a_difference_fails_and_says_how_to_run_it_again(self):
        equal, said = self.compare(
            "print('FAILED a.two.6.json: step 3 differs\\n  expected:\\n  got:\\n1 passed, 1 failed')\nraise SystemExit(1)")
        self.assertFalse(equal)
        self.assertIn("FAILED a.two:6:80: step 3 differs\n  expected:\n  got:\n", said)
        self.assertIn("tests/conformance/differential --case a.two:6:80\n", said)

    def test_a_case_that_was_not_run_fails(self):
        equal, _ = self.compare("print('1 passed, 0 failed')")
        self.assertFalse(equal)

    def test_a_runner_that_dies_is_no_result(self):
        with self.assertRaisesRegex(RuntimeError, "ended with 2"):
            self.compare("raise SystemExit(2)")


class Programs(unittest.TestCase):
    def test_a_topology_without_a_program_is_told(self):
        with tempfile.TemporaryDirectory() as folder:
            runner = played_runner(folder, "print('a.one')")
            self.assertEqual({"a.two"}, without_program(PlayedOracle(["a.one", "a.two"]), runner))

    def test_what_waits_for_a_program_is_not(self):
        with tempfile.TemporaryDirectory() as folder:
            runner = played_runner(folder, "print('a.one')")
            self.assertEqual(set(), without_program(PlayedOracle(["a.one", *differential.WAITING]), runner))


if __name__ == "__main__":
    unittest.main()
