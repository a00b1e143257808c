"""docs/coming-from-java.md has every name of the reference, and what it offers instead exists."""

import unittest
from pathlib import Path

import porting

ROOT = Path(__file__).resolve().parents[2]
CHAPTER = (ROOT / "docs" / "coming-from-java.md").read_text()

DOCUMENT = """
### KStream, KTable

| Kafka Streams | moldau |
|---|---|
| `filterNot(p)` | `filter_not("not_looked_at")` |

## Other

| Kafka Streams | moldau |
|---|---|
| `print` | `shout` |
"""
CONFIGURATION = "| `application.id` | required |"


class Rules(unittest.TestCase):
    def test_a_name_without_a_row_under_its_class_is_found(self):
        names = ["KStream.filterNot", "KTable.filterNot", "KStream.filter", "KStream.print", "Other.filterNot"]

        self.assertEqual(names[2:], list(porting.untold(names, DOCUMENT, CONFIGURATION)))

    def test_a_key_that_the_configuration_does_not_have_is_found(self):
        names = ["config application.id", "config client.id"]

        self.assertEqual(names[1:], list(porting.untold(names, DOCUMENT, CONFIGURATION)))

    def test_a_name_of_ours_that_does_not_exist_is_found(self):
        self.assertEqual(["shout, in `shout`"], sorted(set(porting.unknown(DOCUMENT, "KStream filter_not(F p)"))))


class Chapter(unittest.TestCase):
    maxDiff = None

    def test_has_every_name_of_the_reference(self):
        names = (Path(__file__).parent / "java_names.txt").read_text().splitlines()
        configuration = (ROOT / "docs" / "configuration.md").read_text()

        self.assertGreater(len(names), 300)
        self.assertEqual([], list(porting.untold(names, CHAPTER, configuration)))

    def test_offers_what_exists(self):
        headers = "\n".join(path.read_text() for path in sorted((ROOT / "include").rglob("*.h")))

        self.assertEqual([], sorted(set(porting.unknown(CHAPTER, headers))))


if __name__ == "__main__":
    unittest.main()
