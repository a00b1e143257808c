"""Every mistake that can be made on purpose has a test and is explained; so is every point at which a process dies."""

import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
HERE = ROOT / "tests" / "simulation"


def found(pattern, *files):
    return {name for file in files for name in re.findall(pattern, file.read_text())}


def words_in(file):
    return set(re.split(r"[^\w.-]+", (ROOT / file).read_text()))


class Mutations(unittest.TestCase):
    def setUp(self):
        self.mutations = found(r'MOLDAU_MUTATION\("([^"]+)"\)', *(ROOT / "src").rglob("*.cpp"), *HERE.glob("*.cpp"))
        self.assertEqual(10, len(self.mutations))

    def test_each_has_a_test(self):
        text = (HERE / "CMakeLists.txt").read_text()
        tested = re.search(r"foreach\(mutation ([^)]+)\)", text)[1].split()
        self.assertEqual(sorted(self.mutations), sorted(tested))

    def test_each_can_be_chosen(self):
        self.assertEqual([], sorted(self.mutations - words_in("tests/simulation/mutations.cpp")))

    def test_a_soak_provokes_each(self):
        self.assertEqual([], sorted(self.mutations - words_in("tests/robustness/soak_aims.py")))

    def test_each_is_explained(self):
        self.assertEqual([], sorted(self.mutations - words_in("docs/simulation.md")))


class Points(unittest.TestCase):
    def test_a_process_dies_at_each_point_of_the_library(self):
        points = found(r'MOLDAU_FAULT\("([^"]+)"\)', *(ROOT / "src").rglob("*.cpp"))
        self.assertTrue(points)
        self.assertEqual([], sorted(points - words_in("tests/simulation/plan.cpp")))
        self.assertEqual([], sorted(points - words_in("docs/simulation.md")))


if __name__ == "__main__":
    unittest.main()
