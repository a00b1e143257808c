"""Kills a word count at one named point of a commit, several times, and looks at what came out.

    crash_at_test.py --programs DIR --point commit.after_flush [--guarantee G] [--delay MICROSECONDS]
"""

import argparse
import random
import signal
import sys
import time

from application_run import check_ended_well
from processes import Failed, World, broker_address
from transactions import transaction_state
from word_count_run import Flow, WordCountRun, programs_argument

KILLS = 4
# Lines flow while there is somebody to bring to his point.
BATCH = 3_000
RATE = 1_500
# A process comes to its point within some commits; one that does not within this time never will.
SECONDS_TO_CRASH = 40
# How the victim's transaction must stand at some points: the table of docs/exactly-once.md. A commit of nothing comes
# by the last two points as well.
DECIDED = {"PrepareCommit", "CompleteCommit"}
IN_KAFKA = {
    "commit.after_add_offsets": {"Ongoing"},
    "commit.after_end_txn": DECIDED,
    "commit.between_stores": DECIDED | {"Empty"},
    "commit.after_stores": DECIDED | {"Empty"},
}


def arguments(argv):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--point", required=True)
    parser.add_argument("--guarantee", default="exactly_once_v2")
    parser.add_argument("--delay", type=int, default=0, help="longest time between point and death, in microseconds")
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--keep", action="store_true")
    programs_argument(parser)
    options = parser.parse_args(argv)
    if options.seed is None:
        options.seed = random.SystemRandom().randrange(2**31)
    return options


def crash(run, flow, options, draw, name):
    """One life of the victim: it must die at its point."""
    delay = draw.randrange(options.delay) + 1 if options.delay else 0
    point = f"{options.point}:{draw.randrange(1, 9)}:{delay}"
    process = run.start(name, "--crash-at", point, *commits(options), program="word_count_app_faults")
    process.expected_end = True
    deadline = time.monotonic() + SECONDS_TO_CRASH
    while process.child.poll() is None and time.monotonic() < deadline:
        flow.go_on()
        time.sleep(0.02)
    status = process.wait(1)
    if status != -signal.SIGKILL:
        raise Failed(f"{name} did not die at {point} but ended with status {status}:\n{process.tail()}")
    if process.find("wipes"):
        raise Failed(f"{name} emptied a store")
    if options.guarantee != "exactly_once_v2":
        print(f"died at {point}", flush=True)
        return
    state = transaction_state(run.world.brokers, f"{run.id}-{run.process_id(name)}-1")
    print(f"died at {point}, transaction {state}", flush=True)
    if state not in IN_KAFKA.get(options.point, {state}):
        raise Failed(f"at {options.point} the transaction of {name} is {state}")


def commits(options):
    return ["--set=commit.interval.ms=100"] if options.guarantee == "at_least_once" else []


def execute(world, options):
    """True if all is well."""
    draw = random.Random(options.seed)
    run = WordCountRun(world, options.seed, options.guarantee, "crash-at")
    other = run.start("other", *commits(options), program="word_count_app_faults")
    other.wait_for("state RUNNING", 60)
    flow = Flow(run, BATCH, RATE)
    for _ in range(KILLS):
        crash(run, flow, options, draw, "victim")
        other.check()
    victim = run.start("victim", *commits(options), program="word_count_app_faults")
    identities = run.store_identities(["victim", "other"])
    flow.finish()
    run.wait_all_processed(120)
    for process in (victim, other):
        check_ended_well(process, process.stop())
        if process.find("wipes"):
            raise Failed(f"{process.name} emptied a store")
    for folder, identity in run.store_identities(["victim", "other"]).items():
        if identities.get(folder, identity) != identity:
            raise Failed(f"{folder} was wiped")
    status, text = run.verify(["victim", "other"])
    run.delete_topics()
    print(text, end="")
    return status == 0


def main(argv):
    options = arguments(argv)
    print(f"seed {options.seed}", flush=True)
    try:
        with World(options.programs, broker_address(options.broker_folder), options.keep) as world:
            return 0 if execute(world, options) else 1
    except (RuntimeError, OSError) as failure:
        print(f"crash_at_test: {failure}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
