"""Kills the processes of a word count again and again while records flow, and looks at what came out.

Started by word_count_kill, which builds what this needs. Prints its seed; the schedule of the kills and the input
are made from it. Status 0 only if nothing was lost, with exactly_once_v2 nothing doubled either, no store was
emptied, the instances ended well, and at least a third of the kills met an open transaction.
"""

import argparse
import math
import random
import statistics
import sys
import time

from application_run import check_ended_well
from processes import Failed, World, broker_address
from transactions import is_open, transaction_state
from word_count_run import WordCountRun, programs_argument

EXACTLY_ONCE = "exactly_once_v2"
AT_LEAST_ONCE = "at_least_once"
# Records still flow for this long after the last kill, so that the last restart is measured too.
FLOW_AFTER = 4.0
FLOW_BEFORE = 1.0
# With its default of 30 s an at-least-once run would mostly wait for its last commit.
AT_LEAST_ONCE_COMMITS = "commit.interval.ms=2000"


def arguments(argv):
    parser = argparse.ArgumentParser(prog="word_count_kill", description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--seed", type=int, default=None, help="default: a new one")
    parser.add_argument("--guarantee", choices=[EXACTLY_ONCE, AT_LEAST_ONCE], default=EXACTLY_ONCE)
    parser.add_argument("--lines", type=int, default=200_000)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--interval", type=float, default=3.0, help="seconds between kills, on average")
    parser.add_argument("--mutation", choices=["no_transaction"], help="break the application on purpose")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="of the configuration")
    parser.add_argument("--keep", action="store_true", help="keep logs and state")
    programs_argument(parser)
    options = parser.parse_args(argv)
    if options.kills < 1 or options.processes < 1 or options.lines < 1 or options.interval <= 0:
        parser.error("--kills, --processes, --lines and --interval must be positive")
    if options.seed is None:
        options.seed = random.SystemRandom().randrange(2**31)
    return options


class Kill:
    def __init__(self, victim, at, state):
        self.victim = victim
        self.at = at  # seconds since 1970
        self.state = state  # of the victim's transaction; None if it has none


class KillRun:
    def __init__(self, world, options):
        self.world = world
        self.options = options
        self.random = random.Random(options.seed)
        self.transactional = options.guarantee == EXACTLY_ONCE and not options.mutation
        self.run = WordCountRun(world, options.seed, options.guarantee, "word-count-kill")
        self.names = [f"instance{number}" for number in range(1, options.processes + 1)]
        self.incarnations = {name: [] for name in self.names}
        self.kills = []
        self.identities = {}
        self.problems = []

    def start(self, name):
        options = [f"--set={setting}" for setting in self.options.set]
        if self.options.guarantee == AT_LEAST_ONCE:
            options.append(f"--set={AT_LEAST_ONCE_COMMITS}")
        if self.options.mutation:
            options.append(f"--mutation={self.options.mutation}")
        self.incarnations[name].append(self.run.start(name, *options))

    def current(self, name):
        return self.incarnations[name][-1]

    def pauses(self):
        """Seconds before each kill."""
        return [self.random.uniform(0.5, 1.5) * self.options.interval for _ in range(self.options.kills)]

    def remember_stores(self):
        """Fails a run in which a store on disk was made anew."""
        for folder, identity in self.run.store_identities(self.names).items():
            if self.identities.setdefault(folder, identity) != identity:
                self.problems.append(f"{folder} was wiped")
                self.identities[folder] = identity

    def kill(self, name):
        at = self.current(name).kill()
        state = None
        if self.transactional:
            state = transaction_state(self.world.brokers, f"{self.run.id}-{self.run.process_id(name)}-1")
        self.start(name)
        self.remember_stores()
        self.kills.append(Kill(name, at, state))

    def kill_all(self, pauses):
        flow = FLOW_BEFORE + sum(pauses) + FLOW_AFTER
        rate = math.ceil(self.options.lines / flow)
        print(f"{self.options.kills} kills of {len(self.names)} processes within {flow:.0f} s, "
              f"{self.options.lines} lines at {rate}/s, {self.options.guarantee}", flush=True)
        producer = self.run.produce(self.options.lines, rate)
        for name in self.names:
            self.current(name).wait_for("first_record", 60)
        next_kill = time.monotonic() + FLOW_BEFORE
        for number, pause in enumerate(pauses, start=1):
            next_kill = max(next_kill + pause, time.monotonic())
            while (left := next_kill - time.monotonic()) > 0:
                time.sleep(min(left, 0.2))
                for name in self.names:
                    self.current(name).check()
            if producer.child.poll() is not None:
                raise Failed(f"kill {number} is due, and all lines were sent already: the machine is too slow for "
                             "this schedule; ask for a longer --interval")
            self.kill(self.random.choice(self.names))
        if producer.wait(300) != 0:
            raise Failed(f"the producer failed:\n{producer.tail()}")

    def stop_all(self):
        for name in self.names:
            process = self.current(name)
            check_ended_well(process, process.stop())
            self.remember_stores()
        for processes in self.incarnations.values():
            for process in processes:
                wipes = process.find("wipes")
                if wipes is not None:
                    self.problems.append(f"{process.name} emptied {wipes[1]} stores")

    def restart_times(self):
        """Seconds from each kill to the first record that the victim processed again."""
        times = []
        for kill in self.kills:
            first = [process.find("first_record") for process in self.incarnations[kill.victim]]
            later = [at[0] / 1e6 - kill.at for at in first if at is not None and at[0] / 1e6 > kill.at]
            if later:
                times.append(min(later))
            else:
                self.problems.append(f"{kill.victim} processed nothing after its last kill")
        return times

    def report(self):
        times = self.restart_times()
        if times:
            print(f"kill to first record processed: median {statistics.median(times) * 1000:.0f} ms, "
                  f"worst {max(times) * 1000:.0f} ms")
        if self.transactional:
            met = sum(is_open(kill.state) for kill in self.kills)
            print(f"{met} of {len(self.kills)} kills met an open transaction")
            if 3 * met < len(self.kills):
                self.problems.append("fewer than a third of the kills met an open transaction")

    def execute(self):
        """True if all is well."""
        pauses = self.pauses()
        for name in self.names:
            self.start(name)
        for name in self.names:
            self.current(name).wait_for("state RUNNING", 60)
        self.kill_all(pauses)
        self.run.wait_all_processed(120)
        self.stop_all()
        status, text = self.run.verify(self.names)
        self.report()
        if not self.world.broker:
            self.run.delete_topics()
        for problem in self.problems:
            print(f"wrong: {problem}")
        print(text, end="")
        return status == 0 and not self.problems


def main(argv):
    options = arguments(argv)
    print(f"seed {options.seed}", flush=True)
    try:
        with World(options.programs, broker_address(options.broker_folder), options.keep) as world:
            return 0 if KillRun(world, options).execute() else 1
    except (RuntimeError, OSError) as failure:
        print(f"word_count_kill: {failure}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
