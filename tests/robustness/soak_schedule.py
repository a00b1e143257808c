"""What happens to the processes of a soak, and when: all of it from a seed, before it begins."""

import typing

KINDS = ("kill", "term", "stop", "join", "leave")
WEIGHTS = (30, 15, 25, 15, 15)
KILL = (100, 0, 0, 0, 0)
# Instead: one process is away for more than a day, as far as clocks and the broker's cleaner can tell.
DAY = ()
# So long a process that was told to end, or to start, is left alone.
SETTLING = 6.0
# The group must not be left without anybody for good.
FEWEST, MOST = 2, 4
# Nothing new at the very end, so that its recovery is measured as well.
QUIET = 3.0


class Manner(typing.NamedTuple):
    """What happens rather, and how often."""
    weights: tuple = WEIGHTS  # of KINDS, or DAY
    gaps: tuple = (2.0, 6.0)  # seconds between two things that happen
    stops: tuple = (1.0, 30.0)  # seconds that a process stands still
    broker_every: float = 60.0
    outage: float = 0.0  # one of the broker's kills leaves it away for so long; 0: none does


class Action(typing.NamedTuple):
    at: float  # seconds from the beginning
    kind: str  # one of KINDS, resume, day, broker_kill or broker_restart
    name: str = ""
    seconds: float = 0.0  # of a stop: until it is resumed

    def __str__(self):
        text = f"{self.at:6.1f} s  {self.kind} {self.name}".rstrip()
        return f"{text} for {self.seconds:.1f} s" if self.seconds else text


class Population:
    """Who lives, as far as the schedule alone can tell."""

    def __init__(self, names, living):
        self.names = names
        self.living = set(names[:living])
        self.paused_until = {name: 0.0 for name in names}
        self.busy_until = {name: 0.0 for name in names}

    def awake(self, at):
        return [name for name in self.names if name in self.living and self.paused_until[name] <= at]

    def may(self, kind, at):
        """To whom it can happen."""
        awake = self.awake(at)
        quiet = [name for name in awake if self.busy_until[name] <= at]
        if kind == "kill":
            return [name for name in self.names if name in self.living]
        if kind == "term":
            return quiet
        if kind == "stop":
            return quiet if len(awake) > 1 else []
        if kind == "join":
            left = [name for name in self.names if name not in self.living and self.busy_until[name] <= at]
            return left if len(self.living) < MOST else []
        return quiet if len(self.living) > FEWEST and len(awake) > 1 else []

    def happens(self, action):
        if action.kind == "kill":
            self.paused_until[action.name] = 0.0
        elif action.kind == "stop":
            self.paused_until[action.name] = action.at + action.seconds
        else:
            self.busy_until[action.name] = action.at + SETTLING
        if action.kind == "join":
            self.living.add(action.name)
        elif action.kind == "leave":
            self.living.remove(action.name)


def process_actions(draw, names, living, seconds, manner):
    population = Population(names, living)
    actions = []
    at = draw.uniform(*manner.gaps)
    while at < seconds - QUIET:
        kind = draw.choices(KINDS, manner.weights)[0]
        candidates = population.may(kind, at)
        if candidates:
            name = draw.choice(candidates)
            length = min(draw.uniform(*manner.stops), seconds - at) if kind == "stop" else 0.0
            action = Action(at, kind, name, length)
            population.happens(action)
            if kind == "kill":
                actions = [other for other in actions
                           if not (other.kind == "resume" and other.name == name and other.at > at)]
            actions.append(action)
            if kind == "stop":
                actions.append(Action(at + length, "resume", name))
        at += draw.uniform(*manner.gaps)
    return actions


def broker_actions(draw, seconds, every, outage):
    """A kill each `every` seconds; one of them, if `outage` is not 0, leaves the broker away for so long."""
    kills = [every * number for number in range(1, int(seconds / every) + 1) if every * number < seconds - QUIET]
    long = kills[len(kills) // 2] if outage and kills else None
    actions = []
    back = 0.0
    for at in kills:
        if at < back:
            continue
        back = at + (outage if at == long else draw.uniform(0.2, 3))
        actions += [Action(at, "broker_kill"), Action(back, "broker_restart")]
    return actions


def day_actions(draw, names, living, seconds):
    """Somebody leaves, the others go on, and a day later it is back."""
    name = draw.choice(names[:living])
    leaves = draw.uniform(0.15, 0.2) * seconds
    passes = leaves + SETTLING + draw.uniform(0.0, 0.1) * seconds
    return [Action(leaves, "leave", name), Action(passes, "day"), Action(passes, "join", name)]


def make_schedule(draw, names, living, seconds, manner):
    if manner.weights == DAY:
        return day_actions(draw, names, living, seconds)
    actions = process_actions(draw, names, living, seconds, manner)
    actions += broker_actions(draw, seconds, manner.broker_every, manner.outage)
    return sorted(actions, key=lambda action: action.at)
