"""Lets a running application have everything happen to it that happens to processes, and to its broker.

Started by eos_soak, which builds what this needs. Prints its seed, from which the schedule and the input are made.
Status 0 only if nothing was lost or out of order, with exactly_once_v2 nothing doubled, changelogs and stores are
what the input comes to, no store was emptied, and every process ended only when it was told to; 1 if not, 2 if the
run could not be made.
"""

import argparse
import collections
import random
import sys
import time

from application_run import programs_argument
from processes import Failed, World
from soak_aims import AIMS
from soak_instance import Instance
from soak_mutations import run_all
from soak_run import SoakRun
from soak_schedule import Manner, make_schedule
from soak_times import BrokerAway, restart_times, summary, takeover_times

EXACTLY_ONCE = "exactly_once_v2"
AT_LEAST_ONCE = "at_least_once"
SESSION = 8.0
BROKER_SETTINGS = (
    f"group.streams.min.session.timeout.ms={int(SESSION * 1000)}",
    f"group.streams.session.timeout.ms={int(SESSION * 1000)}",
    "group.streams.min.heartbeat.interval.ms=1000",
    "group.streams.heartbeat.interval.ms=1000",
    "log.cleaner.backoff.ms=500",
    "transaction.abort.timed.out.transaction.cleanup.interval.ms=1000",
)
INSTANCES = [f"instance{number}" for number in range(1, 6)]
# Without transactions a process that was taken for dead may still write an old row over a new one when it wakes up.
STOPS_AT_LEAST_ONCE = (1.0, 3.0)
# With its default of 30 s an at-least-once run would mostly wait for its last commit.
AT_LEAST_ONCE_COMMITS = "commit.interval.ms=2000"
LONG_RUN = 600.0
OUTAGE = 70.0
# A day, and what a store is old by then at the least: tombstones are kept for 24 hours.
DAY_HOURS = 25
# How long anything may take that the machine is merely slow at.
PATIENCE = 180
SECONDS_EACH = 60.0
# With a mistake in the library the end may well never come.
PATIENCE_WITH_MISTAKE = 30


def arguments(argv):
    parser = argparse.ArgumentParser(prog="eos_soak", description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=None, help="default: a new one")
    parser.add_argument("--guarantee", choices=[EXACTLY_ONCE, AT_LEAST_ONCE], default=EXACTLY_ONCE)
    parser.add_argument("--rate", type=int, default=300, help="events a second")
    parser.add_argument("--processes", type=int, default=3, help="that run at the beginning")
    parser.add_argument("--threads", type=int, default=2, help="of each process")
    parser.add_argument("--mutation", choices=AIMS, metavar="NAME",
                        help="have the library make this mistake, see docs/simulation.md, and provoke it")
    parser.add_argument("--aim", choices=AIMS, metavar="NAME", help="the same without the mistake: all must be well")
    parser.add_argument("--all-mutations", action="store_true", help="each mistake; 0 if each is found out")
    parser.add_argument("--seconds-each", type=float, default=SECONDS_EACH, help="with --all-mutations")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="of the configuration")
    parser.add_argument("--keep", action="store_true", help="keep logs and state")
    programs_argument(parser)
    options = parser.parse_args(argv)
    if options.mutation and options.aim or options.all_mutations and (options.mutation or options.aim):
        parser.error("--mutation, --aim and --all-mutations exclude each other")
    if options.minutes <= 0 or options.seconds_each <= 0 or options.rate < 1 or options.threads < 1:
        parser.error("--minutes, --rate and --threads must be positive")
    if not 2 <= options.processes <= 4:
        parser.error("--processes must be 2, 3 or 4")
    if options.seed is None:
        options.seed = random.SystemRandom().randrange(2**31)
    return options


class Soak:
    def __init__(self, world, options):
        self.world = world
        self.options = options
        self.seconds = options.minutes * 60
        self.aim = AIMS.get(options.mutation or options.aim)
        self.run = SoakRun(world, options.seed, options.guarantee, "soak_app_faults" if self.aim else "soak_app")
        self.instances = {name: Instance(self.run, name, self.instance_options, PATIENCE) for name in INSTANCES}
        self.processes = self.aim.processes if self.aim and self.aim.processes else options.processes
        self.days = 0
        self.day_old = {}  # the stores of each instance that was away when a day passed
        self.done = collections.Counter()
        self.kills = []  # (name, at, next life)
        self.absences = []  # (name, from, to)
        self.away = BrokerAway()
        self.broker_restart = None
        self.identities = {}
        self.wipes = 0
        self.problems = []

    def instance_options(self):
        settings = [f"num.stream.threads={self.options.threads}"]
        if self.options.guarantee == AT_LEAST_ONCE:
            settings.append(AT_LEAST_ONCE_COMMITS)
        faults = [f"--mutation={self.options.mutation}"] if self.options.mutation else []
        if self.aim:
            settings += self.aim.settings
            faults += [f"--delay={delay}" for delay in self.aim.delays] + [f"--clock-ahead={self.days * DAY_HOURS}"]
        return [f"--set={setting}" for setting in [*settings, *self.options.set]] + faults

    def schedule(self):
        manner = Manner() if self.aim is None else self.aim.manner
        if self.options.guarantee == AT_LEAST_ONCE:
            manner = manner._replace(stops=STOPS_AT_LEAST_ONCE)
        if self.seconds >= LONG_RUN:
            manner = manner._replace(outage=OUTAGE)
        return make_schedule(random.Random(self.options.seed), INSTANCES, self.processes, self.seconds, manner)

    def tick(self):
        for instance in self.instances.values():
            instance.tick()
        if self.broker_restart is not None and self.broker_restart.poll() is not None:
            if self.broker_restart.returncode != 0:
                raise Failed("the broker does not start again")
            self.broker_restart = None
            self.away.ends(time.time())

    def wait_until(self, condition, what):
        deadline = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > deadline:
                raise Failed(f"{what} within {PATIENCE} s")
            self.tick()
            time.sleep(0.05)

    def remember_stores(self):
        """Notes each store on disk that was made anew. One that is a day old has to be."""
        if self.days:
            return
        for folder, identity in self.run.store_identities(INSTANCES).items():
            if self.identities.setdefault(folder, identity) != identity:
                self.wipes += 1
                self.problems.append(f"{folder} was wiped")
                self.identities[folder] = identity

    def check_day_old(self):
        """Nobody has gone on from a store that may lack deletions."""
        for name, before in self.day_old.items():
            after = self.run.stores_with_position(name)
            for folder, (position, identity) in before.items():
                if folder in after and after[folder][0] != position and after[folder][1] == identity:
                    self.problems.append(f"{folder} was a day old, and {name} went on from it")

    def act(self, action):
        if action.kind.startswith("broker"):
            self.act_on_broker(action)
            return
        if action.kind == "day":
            self.run.let_a_day_pass()
            self.days += 1
            self.day_old = {name: self.run.stores_with_position(name)
                            for name, instance in self.instances.items() if instance.lives and not instance.runs}
            return
        instance = self.instances[action.name]
        if action.kind == "resume":
            instance.resume()
            return
        if action.kind != "kill":
            # The machine may be slower than the schedule thought.
            self.wait_until(lambda: instance.closing_since is None, f"{action.name} does not end")
        self.done[action.kind] += 1
        if action.kind == "kill":
            at = instance.kill()
            self.absences = [(name, begin, min(end, at) if name == action.name else end)
                             for name, begin, end in self.absences]
            self.kills.append((action.name, at, instance.process))
            self.remember_stores()
        elif action.kind == "stop":
            now = time.time()
            instance.pause()
            if action.seconds > SESSION:
                self.absences.append((action.name, now, now + action.seconds))
        elif action.kind == "join":
            instance.start()
        else:
            if action.kind == "leave":
                self.absences.append((action.name, time.time(), time.time() + self.seconds))
            instance.close(starts_again=action.kind == "term")

    def act_on_broker(self, action):
        if action.kind == "broker_kill":
            self.wait_until(lambda: self.broker_restart is None, "the broker does not start again")
            self.away.begins(time.time())
            self.world.broker.kill()
            self.done["broker kill"] += 1
        else:
            self.broker_restart = self.world.broker.restart()

    def progress(self, now):
        living = [instance for instance in self.instances.values() if instance.runs]
        paused = sum(instance.paused for instance in living)
        counts = ", ".join(f"{count} {kind}" for kind, count in sorted(self.done.items()))
        print(f"[{now:5.0f} s] {len(living)} processes, {paused} paused: {counts or 'nothing yet'}; "
              f"restarts {summary(restart_times(self.kills, self.away))}", flush=True)

    def follow(self, schedule):
        begin = time.monotonic()
        told = 0
        for action in schedule:
            while (now := time.monotonic() - begin) < action.at:
                self.tick()
                if now >= 10 * (told + 1):
                    told += 1
                    self.progress(now)
                time.sleep(min(0.05, action.at - now))
            self.act(action)
        while time.monotonic() - begin < self.seconds:
            self.tick()
            time.sleep(0.05)
        self.wait_until(lambda: self.broker_restart is None, "the broker does not start again")
        self.progress(time.monotonic() - begin)

    def begin(self, schedule):
        for name in INSTANCES[:self.processes]:
            self.instances[name].start()
        for name in INSTANCES[:self.processes]:
            self.instances[name].process.wait_for("state RUNNING", PATIENCE)
        if any(action.kind == "day" for action in schedule):
            self.run.have_days_pass_quickly()
        producer = self.run.produce(int(self.options.rate * self.seconds), self.options.rate)
        for name in INSTANCES[:self.processes]:
            self.instances[name].process.wait_for("first_record", PATIENCE)
        return producer

    def end(self, producer):
        """Everything is processed, and every process told to end."""
        if producer.wait(PATIENCE) != 0:
            raise Failed(f"the producer failed:\n{producer.tail()}")
        for instance in self.instances.values():
            instance.resume()
        try:
            self.run.wait_all_processed(PATIENCE_WITH_MISTAKE if self.options.mutation else PATIENCE)
        except Failed as failure:
            self.problems.append(f"not everything was processed: {failure}")
        self.tick()
        for instance in self.instances.values():
            if instance.runs:
                instance.close(starts_again=False)
        self.wait_until(lambda: not any(instance.runs for instance in self.instances.values()), "somebody does not end")
        self.tick()
        self.remember_stores()
        self.check_day_old()
        for instance in self.instances.values():
            for process in instance.lives:
                for _, how in process.all("broken")[:1]:
                    self.problems.append(f"{process.name}: {how}")
            for process in instance.lives if not self.days else ():
                for _, number in process.all("wipes")[-1:]:
                    self.wipes += int(number)
                    self.problems.append(f"{process.name} emptied {number} stores")

    def report(self):
        lives = {name: instance.lives for name, instance in self.instances.items()}
        for kind in ("kill", "term", "stop", "join", "leave", "broker kill"):
            print(f"{kind + 's':<14}{self.done[kind]:>5}")
        print(f"restarts      {summary(restart_times(self.kills, self.away))}")
        print(f"takeovers     {summary(takeover_times(self.absences, lives, self.away))}")
        print(f"wipes         {self.wipes}")

    def execute(self):
        """True if all is well."""
        schedule = self.schedule()
        print("\n".join(map(str, schedule)), flush=True)
        producer = self.begin(schedule)
        self.follow(schedule)
        self.end(producer)
        status, text = self.run.verify([name for name, instance in self.instances.items() if instance.lives])
        self.report()
        for problem in self.problems:
            print(f"wrong: {problem}")
        print(text, end="", flush=True)
        return status == 0 and not self.problems


def soak_with_each_mistake(options):
    arguments_of_each = ["--programs", str(options.programs), "--seed", str(options.seed),
                         "--rate", str(options.rate), "--processes", str(options.processes),
                         "--threads", str(options.threads), "--guarantee", options.guarantee]
    for setting in options.set:
        arguments_of_each += ["--set", setting]
    return run_all(__file__, options.seconds_each, arguments_of_each)


def main(argv):
    options = arguments(argv)
    print(f"seed {options.seed}", flush=True)
    if options.all_mutations:
        return 0 if soak_with_each_mistake(options) else 1
    try:
        with World(options.programs, keep=options.keep, broker_settings=BROKER_SETTINGS, kills_broker=True) as world:
            try:
                return 0 if Soak(world, options).execute() else 1
            except Failed as failure:
                print(f"wrong: {failure}", flush=True)
                return 1
    except (RuntimeError, OSError) as failure:
        print(f"eos_soak: {failure}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
