"""The table of a run as markdown: medians, and the least and the most where there are several repetitions."""

import statistics
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))

from machine import first_line, library, machine, output_of, package  # noqa: E402
from programs import GUARANTEES, PROGRAMS, TOPOLOGIES  # noqa: E402

HEAD = (
    "| topology | guarantee | program | records/s | CPU s per million | peak MB | start s | × limit | × Kafka Streams "
    "| others |\n"
    "|---|---|---|---|---|---|---|---|---|---|"
)


def versions(root):
    return (
        f"{library(root)}, librdkafka {package('librdkafka1')}, jemalloc {package('libjemalloc2')}, "
        f"Kafka and Kafka Streams 4.3.1, {first_line(output_of('java', '-version'))}"
    )


def spread(values, form):
    middle = form.format(statistics.median(values))
    return middle if len(values) == 1 else f"{middle} ({form.format(min(values))}..{form.format(max(values))})"


def cpu(results, topology, guarantee, label):
    values = [
        result["cpu_s_per_m"]
        for result in results
        if (result["topology"], result["guarantee"], result["program"]) == (topology, guarantee, label)
    ]
    return statistics.median(values) if values else None


def ratio(mine, other):
    return "–" if mine is None or other is None else f"{mine / other:.2f}"


def row(results, topology, guarantee, program):
    mine = [
        result
        for result in results
        if (result["topology"], result["guarantee"], result["program"]) == (topology, guarantee, program.label)
    ]
    if not mine:
        return None
    figure = lambda key, form: spread([result[key] for result in mine], form)
    spent = cpu(results, topology, guarantee, program.label)
    is_limit = program.label == program.limit
    to_limit = "1" if is_limit else ratio(spent, cpu(results, topology, guarantee, program.limit))
    cells = [
        topology,
        guarantee,
        program.title,
        figure("rate", "{:,.0f}"),
        figure("cpu_s_per_m", "{:.2f}"),
        figure("peak_mb", "{:.0f}"),
        figure("start_s", "{:.2f}"),
        to_limit,
        "1" if program.label == "java" else ratio(spent, cpu(results, topology, guarantee, "java")),
        figure("other_cores", "{:.2f}"),
    ]
    return "| " + " | ".join(cells) + " |"


def text(results, options, root):
    rows = [
        row(results, topology, guarantee, program)
        for topology in TOPOLOGIES
        for guarantee in GUARANTEES
        for program in PROGRAMS
    ]
    return "\n".join([
        f"{options.records:,} records, {options.repetitions} repetition(s); {machine()}; {versions(root)}.",
        "",
        "acks=all and idempotence everywhere; commits every 30 s, with exactly_once_v2 every 100 ms, and the rest as",
        "each has it by default: linger 10 ms in the limit, 100 ms in Kafka Streams, 5 ms in moldau. Caches are off in",
        "count. × is CPU time to that of the limit (under the same allocator) and of Kafka Streams; others is what else",
        "ran on the machine meanwhile, the broker left out, in cores.",
        "",
        HEAD,
        *filter(None, rows),
    ])
