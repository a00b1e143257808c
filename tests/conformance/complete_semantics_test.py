"""What the default semantics change in the corpus: the runs of complete_differs.txt, and no other."""

import functools
import pathlib
import re
import subprocess
import sys
import unittest

HERE = pathlib.Path(__file__).parent

# What of the language each row of docs/differences.md is about, as names of topologies begin.
MAY_DIFFER = {
    "lost-on-close": ("emit.",),
    "final-twice": ("suppress.until_window_closes", "window.session", "cogroup.session"),
    "closed-session": ("window.session", "emit.session", "cogroup.session", "suppress.until_window_closes_session"),
    "unmatched-in-grace": ("join.stream_stream_left", "join.stream_stream_outer", "headers.stream_stream_outer"),
    "below-suppress": ("suppress.",),
}


def listed():
    """Reason by run."""
    rows = (line.split() for line in (HERE / "complete_differs.txt").read_text().splitlines())
    return {row[0]: row[1] for row in rows if row[0] != "#"}


@functools.cache
def replayed():
    """What the runner says about each run that differs from the reference."""
    said = subprocess.run([RUNNER, CORPUS, "--semantics", "complete"], stdout=subprocess.PIPE, text=True).stdout
    found = dict(re.findall(r"^FAILED (\S+)\.json: (.*)", said, re.MULTILINE))
    return {run: text for run, text in found.items() if "unknown topology" not in text}


class CompleteSemantics(unittest.TestCase):
    maxDiff = None

    def test_the_runs_that_differ_are_those_that_are_listed(self):
        self.assertEqual(sorted(listed()), sorted(replayed()))

    def test_they_differ_in_their_results(self):
        results = re.compile(r"records (differ|should be dropped)|store \S+ (differs|should hold)")
        self.assertEqual({}, {run: text for run, text in replayed().items() if not results.search(text)})

    def test_each_reason_fits_its_topology(self):
        for run, reason in listed().items():
            with self.subTest(run):
                self.assertTrue(run.startswith(MAY_DIFFER[reason]), reason)

    def test_each_reason_is_explained(self):
        text = (HERE.parents[1] / "docs" / "differences.md").read_text()
        self.assertEqual([], [reason for reason in MAY_DIFFER if f'<a id="{reason}"></a>' not in text])


if __name__ == "__main__":
    RUNNER, CORPUS = sys.argv[1:3]
    unittest.main(argv=sys.argv[:1])
