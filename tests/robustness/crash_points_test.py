"""Every point of the library at which a process can be killed is one at which a test kills it, and is explained."""

import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]


class CrashPoints(unittest.TestCase):
    def setUp(self):
        self.points = {point for file in (ROOT / "src").rglob("*.cpp")
                       for point in re.findall(r'MOLDAU_FAULT\("([^"]+)"\)', file.read_text())}
        self.assertTrue(self.points)

    def missing_in(self, file):
        words = set(re.split(r"[^\w.]+", (ROOT / file).read_text()))
        return sorted(self.points - words)

    def test_each_has_a_test(self):
        self.assertEqual([], self.missing_in("tests/robustness/CMakeLists.txt"))

    def test_each_is_explained(self):
        self.assertEqual([], self.missing_in("docs/exactly-once.md"))


if __name__ == "__main__":
    unittest.main()
