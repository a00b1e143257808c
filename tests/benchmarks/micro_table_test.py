"""The tables of the micro benchmarks say what was measured; and with programs given, each of them runs.

  micro_table_test.py [PROGRAM...]
"""

import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks/micro"))

import table  # noqa: E402

# Every family of operators with stores in memory, the smallest number of keys, and one serde.
QUICK = r"^stateless|/in_memory(/1000)?$|<std::string>$"


def entry(name, time, unit="ns", **more):
    return {"name": name, "run_name": name, "run_type": "iteration", "cpu_time": time, "time_unit": unit, **more}


def result(*entries):
    return {"benchmarks": list(entries)}


def line(text, start):
    found = [row for row in text.splitlines() if row.startswith(f"| {start} |")]
    return [cell.strip() for cell in found[0].strip("|").split("|")] if found else None


class Tables(unittest.TestCase):
    def test_an_operator_has_a_line_with_both_stores(self):
        text = table.tables([result(entry("regroup/in_memory", 50, "ms", **{"ns/record": 812.4, "allocations/record": 0}),
                                    entry("regroup/rocksdb", 90, "ms", **{"ns/record": 1523.6, "allocations/record": 2.5}))])
        self.assertEqual(["regroup", "812", "0.00", "1,524", "2.50"], line(text, "regroup"))

    def test_what_has_no_store_stands_for_itself(self):
        text = table.tables([result(entry("stateless_texts", 1, **{"ns/record": 99.0, "allocations/record": 0}))])
        self.assertEqual(["stateless texts", "99", "0.00", "–", "–"], line(text, "stateless texts"))

    def test_numbers_of_keys_are_columns_in_their_order(self):
        text = table.tables([result(entry("scan/rocksdb/100000", 2, "us"), entry("scan/rocksdb/1000", 1, "us"))])
        self.assertEqual(["ns", "store", "1,000 keys", "100,000 keys", "× from first to last", "allocations"],
                         line(text, "ns"))
        self.assertEqual(["scan", "RocksDB", "1,000", "2,000", "2.0", "–"], line(text, "scan"))

    def test_allocations_beside_other_keys_are_the_least_and_the_most(self):
        text = table.tables([result(entry("scan/rocksdb/10", 1, **{"allocations/record": 3}),
                                    entry("scan/rocksdb/100", 1, **{"allocations/record": 2.5}),
                                    entry("merge/rocksdb/10", 1, **{"allocations/record": 2}),
                                    entry("merge/rocksdb/100", 1, **{"allocations/record": 2.001}))])
        self.assertEqual("2.50..3.00", line(text, "scan")[-1])
        self.assertEqual("2.00", line(text, "merge")[-1])

    def test_a_number_that_was_not_run_is_left_open(self):
        text = table.tables([result(entry("a/rocksdb/10", 1), entry("b/rocksdb/20", 2))])
        self.assertEqual(["a", "RocksDB", "1", "–", "–", "–"], line(text, "a"))

    def test_a_serde_has_a_line_with_both_directions(self):
        text = table.tables([result(entry("serialize<moldau::Uuid>", 3.2, **{"allocations/value": 0}),
                                    entry("deserialize<moldau::Uuid>", 4.7, **{"allocations/value": 1}))])
        self.assertEqual(["`Uuid`", "3", "0.00", "5", "1.00"], line(text, "`Uuid`"))

    def test_of_repetitions_the_median_counts(self):
        median = entry("regroup/rocksdb", 2, **{"run_type": "aggregate", "aggregate_name": "median", "ns/record": 7})
        text = table.tables([result(entry("regroup/rocksdb", 9, **{"ns/record": 9}), median)])
        self.assertEqual(["regroup", "–", "–", "7", "–"], line(text, "regroup"))

    def test_a_benchmark_that_failed_is_named(self):
        failed = entry("scan/rocksdb/1000", 0, error_occurred=True, error_message="a row is missing")
        self.assertEqual(["scan/rocksdb/1000: a row is missing"], list(table.failures([result(failed)])))


class Page(unittest.TestCase):
    def test_its_tables_are_replaced_and_nothing_else(self):
        page = "before\n<!-- micro -->\n\nold\n\n<!-- /micro -->\nafter\n"
        self.assertEqual("before\n<!-- micro -->\n\nnew\n\n<!-- /micro -->\nafter\n", table.with_tables(page, "new"))

    def test_without_a_place_for_them_is_refused(self):
        self.assertRaises(ValueError, table.with_tables, "no place\n", "new")

    def test_of_the_docs_has_a_place_for_them(self):
        page = (table.ROOT / "docs/performance.md").read_text(encoding="utf-8")
        self.assertIn("\nnew\n", table.with_tables(page, "new"))


class Programs(unittest.TestCase):
    programs = ()

    def test_each_runs_and_ends_in_a_table(self):
        with tempfile.TemporaryDirectory() as folder:
            results = []
            for program in self.programs:
                out = Path(folder) / "out.json"
                subprocess.run([program, f"--benchmark_filter={QUICK}", "--benchmark_min_time=0.001",
                                f"--benchmark_out={out}", "--benchmark_out_format=json"],
                               stdout=subprocess.DEVNULL, check=True)
                results.append(json.loads(out.read_text(encoding="utf-8")))
            self.assertEqual([], list(table.failures(results)))
            text = table.tables(results)
        for what in ("stateless", "tumbling count", "sliding count", "session count", "suppress until close",
                     "stream stream inner", "stream table", "stream global table", "table table", "foreign key",
                     "regroup", "segment expiry", "session merge", "foreign key scan", "`std::string`"):
            self.assertIsNotNone(line(text, what), what + " is missing in\n" + text)


if __name__ == "__main__":
    Programs.programs = sys.argv[1:]
    unittest.main(argv=sys.argv[:1], defaultTest=None if Programs.programs else ["Tables", "Page"])
