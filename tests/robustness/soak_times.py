"""How long it took until a process went on after a kill, and until others had taken over its tasks."""

import math

# A broker that answers again still loads its groups and transactions for a while.
BROKER_RECOVERS = 5.0


class BrokerAway:
    """The times, in seconds since 1970, in which there was no broker."""

    def __init__(self):
        self.intervals = []

    def begins(self, at):
        self.intervals.append([at, math.inf])

    def ends(self, at):
        self.intervals[-1][1] = at + BROKER_RECOVERS

    def touches(self, begin, end):
        return any(begin < back and end > away for away, back in self.intervals)


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, math.ceil(share * len(ordered)) - 1)]


def summary(values):
    if not values:
        return "none"
    return (f"p50 {percentile(values, 0.5) * 1000:.0f} ms, p99 {percentile(values, 0.99) * 1000:.0f} ms "
            f"({len(values)} measured)")


def restart_times(kills, away):
    """Of each (name, at, next life of the process): seconds to its first record. Those during which the process
    died again, or the broker was away, are left out."""
    times = []
    for _, at, process in kills:
        first = process.find("first_record")
        if first is not None and not away.touches(at, first[0] / 1e6):
            times.append(first[0] / 1e6 - at)
    return times


def takeover_times(absences, lives, away):
    """`absences` are (name, from, to); `lives` all processes of each name. For each task that the absent one had:
    seconds until another one processed its first record, if one did before it was back."""
    log = sorted((micros / 1e6, task, name) for name, processes in lives.items() for process in processes
                 for micros, task in process.all("task"))
    times = []
    for name, begin, end in absences:
        owner = {task: other for at, task, other in log if at <= begin}
        taken = {}
        for at, task, other in log:
            if begin < at <= end and other != name and owner.get(task) == name:
                taken.setdefault(task, at)
        times += [at - begin for at in taken.values() if not away.touches(begin, at)]
    return times
