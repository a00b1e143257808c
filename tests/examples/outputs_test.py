"""What the examples print for their bundled inputs, worked out by hand.

  outputs_test.py FOLDER    of the programs
"""

import re
import subprocess
import sys
import unittest
from pathlib import Path

PROGRAMS = Path(".")


def run(name, *arguments):
    return subprocess.run([PROGRAMS / name, *arguments], capture_output=True, text=True, timeout=100)


class Outputs(unittest.TestCase):
    maxDiff = None

    def lines(self, name):
        result = run(name)
        self.assertEqual(0, result.returncode, result.stderr)
        self.assertEqual("", result.stderr)
        return [re.sub(r"\s+", " ", line).strip() for line in result.stdout.splitlines()]

    def test_page_views_counts_by_region_and_window(self):
        lines = self.lines("page_views")

        self.assertEqual("window region views", lines[0])
        # Ana twice and Dita once; Dita's second view comes when this window has closed.
        self.assertIn("09:00:00 to 09:05:00 north 3", lines)
        # Ben lived in the south when he looked at 09:01, and in the east when he did at 09:05.
        self.assertIn("08:57:00 to 09:02:00 south 1", lines)
        self.assertIn("09:02:00 to 09:07:00 east 3", lines)
        # Nobody has said where Eva lives.
        self.assertIn("09:00:00 to 09:05:00 unknown 1", lines)

    def test_fraud_alarm_says_each_alarm_once(self):
        self.assertEqual(
            [
                # 420.00, 390.00 and 250.00 between 08:02 and 08:09
                "ALARM 07:59:00 to 08:09:00 card 0815: 3 payments, 1060.00",
                # 999.00 at 08:20, 2.00 at 08:29
                "ALARM 08:19:00 to 08:29:00 card 4711: 2 payments, 1001.00",
            ],
            self.lines("fraud_alarm"),
        )

    def test_user_sessions_prints_those_that_are_over(self):
        self.assertEqual(
            [
                "ana 10:00:00 to 10:20:00 home > shoes > basket",
                "ben 10:07:00 to 10:07:00 home",
                "ben 10:55:00 to 11:12:00 home > hats > basket",
                "ana 11:30:00 to 11:30:00 home",
            ],
            self.lines("user_sessions"),
        )

    def test_order_enrichment_follows_both_tables(self):
        self.assertEqual(
            [
                "order item customer city",
                "1001 two lamps Ada London",
                # Bela has moved from Budapest.
                "1002 table Bela Vienna",
                "1003 chair Bela Vienna",
            ],
            self.lines("order_enrichment"),
        )

    def test_deduplicate_lets_an_event_through_once_an_hour(self):
        self.assertEqual(
            [
                "12:00:00 e1 order placed",
                "12:00:05 e2 order paid",
                "12:00:06 e1 (again, first at 12:00:00)",
                "12:10:00 e3 order sent",
                "12:30:00 e2 (again, first at 12:00:05)",
                # An hour and three quarters after the first.
                "13:45:00 e1 order placed",
            ],
            self.lines("deduplicate"),
        )

    def test_dynamic_rules_follow_the_rule_in_force(self):
        self.assertEqual(
            [
                "07:00:00 RULE temperature: at most 30",
                "07:00:00 RULE humidity: at most 60",
                "08:02:00 ALARM cellar: humidity 71, at most 60",
                # 28 degrees in the attic are fine at 08:03, and are not at 08:40.
                "08:30:00 RULE temperature: at most 25",
                "08:40:00 ALARM attic: temperature 28, at most 25",
                "08:45:00 ALARM cellar: humidity 66, at most 60",
                "09:00:00 RULE humidity: anything goes",
                "09:15:00 ALARM kitchen: temperature 26, at most 25",
            ],
            self.lines("dynamic_rules"),
        )


class Inputs(unittest.TestCase):
    def test_one_that_cannot_be_read_is_named(self):
        result = run("fraud_alarm", "--input", "/no/such/file")

        self.assertEqual(1, result.returncode)
        self.assertIn("/no/such/file", result.stderr)


if __name__ == "__main__":
    PROGRAMS = Path(sys.argv.pop(1))
    unittest.main()
