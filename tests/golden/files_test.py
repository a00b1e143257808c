"""Every recorded file is described, and read by a test."""

import re
import unittest
from pathlib import Path

GOLDEN = Path(__file__).resolve().parent
TESTS = GOLDEN.parent


def recorded():
    return {file.name for file in GOLDEN.glob("*.json")}


def described():
    return set(re.findall(r"^\| `(\w+\.json)` \|", (GOLDEN / "README.md").read_text(), re.MULTILINE))


def read_by_tests():
    texts = [file.read_text() for file in TESTS.rglob("*_test.cpp")]
    return {name for name in recorded() if any(f'{name}"' in text for text in texts)}


class Files(unittest.TestCase):
    def test_each_is_described(self):
        self.assertEqual(recorded(), described())

    def test_each_is_read_by_a_test(self):
        self.assertEqual(recorded(), read_by_tests())


if __name__ == "__main__":
    unittest.main()
