"""The program in README.md is the example readme.cpp, which is compiled like every other; it names all of them."""

import re
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class Readme(unittest.TestCase):
    def test_shows_the_example(self):
        snippets = re.findall(r"^```cpp\n(.*?)^```$", (ROOT / "README.md").read_text(), re.DOTALL | re.MULTILINE)

        self.assertEqual([(ROOT / "examples" / "readme.cpp").read_text()], snippets)

    def test_names_every_example(self):
        readme = (ROOT / "README.md").read_text()
        examples = [path.stem for path in sorted((ROOT / "examples").glob("*.cpp")) if path.stem != "readme"]

        self.assertEqual([], [name for name in examples if name not in readme])

    def test_it_has_twenty_lines(self):
        self.assertEqual(20, len((ROOT / "examples" / "readme.cpp").read_text().splitlines()))


if __name__ == "__main__":
    unittest.main()
