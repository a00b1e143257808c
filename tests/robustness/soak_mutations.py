"""A soak with each mistake of the library, one after the other: all of them must be found out."""

import re
import subprocess
import sys
import time
import typing

from soak_aims import AIMS

VERDICT = re.compile(r"^(\d+) lost, (\d+) doubled, (\d+) out of order$", re.MULTILINE)
WIPES = re.compile(r"^wipes +(\d+)$", re.MULTILINE)
PROBLEM = re.compile(r"^wrong: (.+)$", re.MULTILINE)
HEAD = ("mutation", "status", "lost", "doubled", "out of order", "wipes", "seconds", "other problem")
WIDEST = 100


class Outcome(typing.NamedTuple):
    """What a soak said that ended with a status."""
    status: int
    text: str

    @property
    def found_out(self):
        """True if it says what is wrong; a run that could not be made has found nothing."""
        return self.status == 1 and any(cell not in ("-", "0") for cell in self.cells())

    def cells(self):
        """Lost, doubled, out of order, wipes, other problem; `-` where it did not come to that."""
        verdict = VERDICT.search(self.text)
        wipes = WIPES.search(self.text)
        problem = PROBLEM.search(self.text)
        return [*(verdict.groups() if verdict else "---"), wipes[1] if wipes else "-",
                problem[1][:WIDEST] if problem else "-"]


def run_soak(script, arguments):
    done = subprocess.run([sys.executable, "-B", script, *arguments], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    return Outcome(done.returncode, done.stdout)


def row(name, outcome, seconds):
    *numbers, problem = outcome.cells()
    return [name, str(outcome.status), *numbers, f"{seconds:.0f}", problem]


def line(cells):
    widths = [max(len(name) for name in AIMS), *(len(title) for title in HEAD[1:])]
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, widths)).rstrip()


def run_all(script, seconds, arguments, names=tuple(AIMS), soak=run_soak):
    """Prints a table as it goes, and all that a soak said which found nothing. True if each mistake was found out."""
    print(line(HEAD), flush=True)
    missed = []
    for name in names:
        begin = time.monotonic()
        outcome = soak(script, ["--minutes", str(seconds / 60), "--mutation", name, *arguments])
        print(line(row(name, outcome, time.monotonic() - begin)), flush=True)
        if not outcome.found_out:
            missed.append((name, outcome))
    for name, outcome in missed:
        print(f"\n{name} was not found out:\n{outcome.text}", flush=True)
    print(f"{len(names) - len(missed)} of {len(names)} mistakes found out", flush=True)
    return not missed
