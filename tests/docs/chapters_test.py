"""The book shows the code of the tests, and its chapter on operators has all of them. MOLDAU_UPDATE_DOCS=1 writes the
code and the transcripts into the documents."""

import os
import unittest
from pathlib import Path

import operators
import snippets

ROOT = Path(__file__).resolve().parents[2]
INCLUDE = ROOT / "include" / "moldau"
OPERATORS = "operators.md"

HEADERS = [
    *sorted((INCLUDE / "dsl").glob("*.h")),
    INCLUDE / "topology" / "topology_builder.h",
    INCLUDE / "processor" / "fixed_key_processor.h",
    INCLUDE / "processor" / "processing_context.h",
    INCLUDE / "processor" / "processor_context.h",
]


def known_snippets():
    known = {}
    for source in sorted(Path(__file__).parent.glob("*.cpp")):
        for name, snippet in snippets.snippets(source.read_text()).items():
            if name in known:
                raise snippets.Malformed(f"two regions are called [{name}]")
            known[name] = snippet
    return known


def chapters():
    return sorted((ROOT / "docs").glob("*.md"))


class Chapters(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.known = known_snippets()
        if os.environ.get("MOLDAU_UPDATE_DOCS"):
            for path in chapters():
                path.write_text(snippets.updated(path.read_text(), cls.known))

    def test_show_the_code_that_is_tested(self):
        wrong = [
            f"docs/{path.name}: {difference}"
            for path in chapters()
            for difference in snippets.differences(path.read_text(), self.known)
        ]
        self.assertEqual([], wrong, "\nMOLDAU_UPDATE_DOCS=1 puts the code of the tests into the documents")

    def test_show_every_region(self):
        shown = {block.name for path in chapters() for block in snippets.blocks(path.read_text())}

        self.assertEqual([], sorted(set(self.known) - shown))

    def test_say_everything_about_every_operator(self):
        known = {}
        for header in HEADERS:
            known.update(operators.operators(header.read_text()))

        self.assertEqual([], list(operators.missing(known, (ROOT / "docs" / OPERATORS).read_text())))


if __name__ == "__main__":
    unittest.main()
