"""One of the machines of a soak: its state stays, its processes come and go."""

import signal
import time

from application_run import check_ended_well
from processes import Failed


class Instance:
    def __init__(self, run, name, options, patience):
        self.run = run
        self.name = name
        self.options = options  # a function: those of a process that starts now
        self.patience = patience
        self.lives = []
        self.paused = False
        self.closing_since = None
        self.starts_again = False

    @property
    def process(self):
        return self.lives[-1]

    @property
    def runs(self):
        return bool(self.lives) and self.process.child.poll() is None

    def start(self):
        self.lives.append(self.run.start(self.name, *self.options()))

    def kill(self):
        """Returns when it was dead; the next life has begun by then."""
        at = self.process.kill()
        self.paused = False
        self.closing_since = None
        self.start()
        return at

    def close(self, starts_again):
        self.process.ask_to_stop()
        self.closing_since = time.monotonic()
        self.starts_again = starts_again

    def pause(self):
        self.process.pause()
        self.paused = True

    def resume(self):
        if self.paused:
            self.process.resume()
        self.paused = False

    def tick(self):
        """Fails if the process has ended unasked, or will not end."""
        if not self.lives:
            return
        if self.closing_since is None:
            self.process.check()
        elif self.runs:
            if time.monotonic() - self.closing_since > self.patience:
                raise Failed(f"{self.process.name} does not end; it last said\n{self.process.tail()}")
        else:
            status = self.process.wait(10)
            # On a slow machine the signal may find a process that does not listen for it yet.
            if status != -signal.SIGTERM or self.process.find("state RUNNING"):
                check_ended_well(self.process, status)
            self.closing_since = None
            if self.starts_again:
                self.start()
