"""What Google Benchmark measured, as markdown tables for docs/performance.md.

  table.py [--into PAGE] RESULT...

RESULT: files that --benchmark_out wrote; one that is empty holds nothing that the filter matched. PAGE: the tables
replace what is between its lines `<!-- micro -->` and `<!-- /micro -->`, instead of being printed.

A benchmark of stores is called NAME/in_memory or NAME/rocksdb, and NAME/STORE/KEYS if it is run for several numbers
of keys. Of repetitions the median counts. Status 1 if a benchmark said that its results are wrong.
"""

import argparse
import datetime
import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "benchmarks"))

import machine  # noqa: E402

STORES = {"in_memory": "in memory", "rocksdb": "RocksDB"}
NAME = re.compile(r"(?P<what>[^/]+)(?:/(?P<store>in_memory|rocksdb))?(?:/(?P<keys>\d+))?")
NANOSECONDS = {"ns": 1, "us": 1e3, "ms": 1e6, "s": 1e9}
NOTHING = "–"


class Measured:
    def __init__(self, entry):
        name = NAME.fullmatch(entry["run_name"])
        if name is None:
            raise ValueError(f"{entry['run_name']}: not NAME, NAME/STORE or NAME/STORE/KEYS")
        self.what = name["what"]
        self.store = name["store"]
        self.keys = int(name["keys"]) if name["keys"] else None
        time = entry["cpu_time"] * NANOSECONDS[entry["time_unit"]]
        self.nanoseconds = entry.get("ns/record", time)
        self.allocations = entry.get("allocations/record", entry.get("allocations/value"))


def figures(results):
    """The figures of some results: each a file's content, parsed."""
    for result in results:
        entries = result["benchmarks"]
        medians = {entry["run_name"] for entry in entries if entry.get("aggregate_name") == "median"}
        for entry in entries:
            if entry["run_name"] in medians and entry.get("aggregate_name") != "median":
                continue
            yield Measured(entry)


def failures(results):
    for result in results:
        for entry in result["benchmarks"]:
            if entry.get("error_occurred"):
                yield f"{entry['name']}: {entry['error_message']}"


def rows(head, body):
    return "\n".join(
        ["| " + " | ".join(cells) + " |" for cells in [head, ["---"] * len(head), *body]]
    )


def number(value, form="{:,.0f}"):
    return NOTHING if value is None else form.format(value)


def readable(name):
    return name.replace("_", " ")


def unique(values):
    return list(dict.fromkeys(values))


def cells_of(measured):
    if measured is None:
        return [NOTHING, NOTHING]
    return [number(measured.nanoseconds), number(measured.allocations, "{:.2f}")]


def by_store(measured):
    """Operators: a line each, in memory and in RocksDB side by side. None if there are none."""
    found = {(one.what, one.store): one for one in measured if one.keys is None and one.store}
    plain = {one.what: one for one in measured if one.keys is None and not one.store and "<" not in one.what}
    head = ["operator"]
    for store in STORES.values():
        head += [f"ns, {store}", f"allocations, {store}"]
    body = [[readable(what), *cells_of(one), NOTHING, NOTHING] for what, one in plain.items()]
    for what in unique(what for what, _ in found):
        body.append([readable(what), *(cell for store in STORES for cell in cells_of(found.get((what, store))))])
    return rows(head, body) if body else None


def by_keys(measured):
    """What is run for several numbers of keys: a line each, a column for each number."""
    found = {(one.what, one.store, one.keys): one for one in measured if one.keys is not None}
    if not found:
        return None
    sizes = sorted({keys for _, _, keys in found})
    head = ["ns", "store", *(f"{size:,} keys" for size in sizes), "× from first to last", "allocations"]
    body = []
    for what, store in unique((what, store) for what, store, _ in found):
        line = [found.get((what, store, size)) for size in sizes]
        body.append([readable(what), STORES[store], *(number(one and one.nanoseconds) for one in line),
                     growth(line), spread([one.allocations for one in line if one])])
    return rows(head, body)


def growth(line):
    """How much more the largest number of keys costs than the smallest."""
    if len(line) < 2 or line[0] is None or line[-1] is None:
        return NOTHING
    return f"{line[-1].nanoseconds / line[0].nanoseconds:.1f}"


def spread(values):
    """The least and the most."""
    known = [f"{value:.2f}" for value in sorted(value for value in values if value is not None)]
    if not known:
        return NOTHING
    return known[0] if known[0] == known[-1] else f"{known[0]}..{known[-1]}"


def serdes(measured):
    """Types: both directions."""
    found = {}
    for one in measured:
        match = re.fullmatch(r"(serialize|deserialize)<(.*)>", one.what)
        if match:
            found[match[1], match[2]] = one
    body = [
        ["`" + kind.replace("moldau::", "") + "`", *cells_of(found.get(("serialize", kind))),
         *cells_of(found.get(("deserialize", kind)))]
        for kind in unique(kind for _, kind in found)
    ]
    head = ["type", "ns to bytes", "allocations", "ns from bytes", "allocations"]
    return rows(head, body) if body else None


def tables(results):
    measured = list(figures(results))
    return "\n\n".join(table for table in (by_store(measured), by_keys(measured), serdes(measured)) if table)


def origin(command):
    today = datetime.date.today().isoformat()
    return f"Printed on {today} by `{command}`; {machine.machine()}; {machine.library(ROOT)}."


def with_tables(page, text):
    """A page with its tables replaced. ValueError if it has no place for them."""
    parts = re.fullmatch(r"(.*<!-- micro -->\n).*(<!-- /micro -->\n.*)", page, re.DOTALL)
    if parts is None:
        raise ValueError("the page has no lines <!-- micro --> and <!-- /micro -->")
    return f"{parts[1]}\n{text}\n\n{parts[2]}"


def main(arguments):
    parser = argparse.ArgumentParser()
    parser.add_argument("--into", type=Path)
    parser.add_argument("--command", default="benchmarks/run --micro")
    parser.add_argument("results", nargs="+", type=Path)
    options = parser.parse_args(arguments)
    results = [json.loads(text) for text in (path.read_text(encoding="utf-8") for path in options.results)
               if text.strip()]
    wrong = list(failures(results))
    for failure in wrong:
        print(failure, file=sys.stderr)
    if wrong:
        return 1
    text = f"{origin(options.command)}\n\n{tables(results)}"
    if options.into is None:
        print(text)
    else:
        options.into.write_text(with_tables(options.into.read_text(encoding="utf-8"), text), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
