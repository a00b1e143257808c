"""Nothing but base and the adapters starts a thread, waits, reads a clock or draws a random number."""

import unittest

import rules
from tree import code


class Seams(unittest.TestCase):
    maxDiff = None

    def test_the_machine_is_used_behind_interfaces_only(self):
        found = [line for file in code("include", "src") for line in rules.seams(file)]
        self.assertEqual([], found, "\n" + "\n".join(found))


if __name__ == "__main__":
    unittest.main()
