"""The table says what was measured."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks/whole_run"))

import table  # noqa: E402
from programs import PROGRAMS  # noqa: E402


def result(program, cpu, rate=1000.0, topology="pipe"):
    return {"topology": topology, "guarantee": "at_least_once", "program": program, "rate": rate, "cpu_s_per_m": cpu,
            "peak_mb": 10.0, "start_s": 0.5, "other_cores": 0.1}


def cells(results, program, topology="pipe"):
    by_label = {entry.label: entry for entry in PROGRAMS}
    line = table.row(results, topology, "at_least_once", by_label[program])
    return None if line is None else [cell.strip() for cell in line.strip("|").split("|")]


class Row(unittest.TestCase):
    def test_a_single_run_stands_by_itself(self):
        self.assertEqual("1.50", cells([result("moldau", 1.5)], "moldau")[4])

    def test_several_runs_have_a_median_and_their_range(self):
        runs = [result("moldau", 3.0), result("moldau", 1.0), result("moldau", 1.5)]
        self.assertEqual("1.50 (1.00..3.00)", cells(runs, "moldau")[4])

    def test_ratios_are_those_of_the_medians(self):
        runs = [result("limit", 1.0), result("java", 6.0), result("moldau", 1.5), result("moldau", 1.5)]
        self.assertEqual(["1.50", "0.25"], cells(runs, "moldau")[7:9])

    def test_the_limit_has_the_same_allocator(self):
        runs = [result("limit", 1.0), result("limit-jemalloc", 0.5), result("moldau-jemalloc", 1.0)]
        self.assertEqual("2.00", cells(runs, "moldau-jemalloc")[7])

    def test_a_ratio_to_what_was_not_measured_is_none(self):
        self.assertEqual(["–", "–"], cells([result("moldau", 1.5)], "moldau")[7:9])

    def test_other_topologies_are_not_mixed_in(self):
        runs = [result("moldau", 1.5), result("moldau", 9.0, topology="count")]
        self.assertEqual("1.50", cells(runs, "moldau")[4])

    def test_what_has_no_figure_has_no_row(self):
        self.assertIsNone(cells([result("limit", 1.0)], "moldau"))

    def test_a_row_has_a_cell_for_each_column(self):
        columns = table.HEAD.splitlines()[0].strip("|").split("|")
        self.assertEqual(len(columns), len(cells([result("java", 1.5)], "java")))


if __name__ == "__main__":
    unittest.main()
