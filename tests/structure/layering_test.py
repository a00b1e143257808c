"""The layers of docs/architecture.md, as the #include lines have them."""

import unittest

import rules
from tree import code


class Layering(unittest.TestCase):
    maxDiff = None

    def test_modules_include_lower_modules_only(self):
        found = [line for file in code("include", "src") for line in rules.layering(file)]
        self.assertEqual([], found, "\n" + "\n".join(found))

    def test_libraries_are_included_in_their_place_only(self):
        found = [line for file in code("include", "src") for line in rules.libraries(file)]
        self.assertEqual([], found, "\n" + "\n".join(found))


if __name__ == "__main__":
    unittest.main()
