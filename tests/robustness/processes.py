"""Processes that a test starts: none of them outlives it, however it ends."""

import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
BROKER = HERE.parent / "broker" / "broker"

# The kernel kills the child when this process dies.
TIED = ["setpriv", "--pdeathsig", "KILL", "--"]


class Failed(RuntimeError):
    """The run cannot go on, or came out wrong."""


class Process:
    """One process that tells its events on standard output, `microseconds event details`."""

    def __init__(self, name, command, log):
        self.name = name
        self.log = pathlib.Path(log)
        self.events = []  # (microseconds, text)
        self.changed = threading.Condition()  # guards events
        self.expected_end = False
        with open(self.log, "ab") as errors:
            self.child = subprocess.Popen(TIED + [str(part) for part in command], stdin=subprocess.DEVNULL,
                                          stdout=subprocess.PIPE, stderr=errors, text=True)
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.child.stdout:
            micros, _, text = line.strip().partition(" ")
            with self.changed:
                if micros.isdigit():
                    self.events.append((int(micros), text))
                self.changed.notify_all()
        with self.changed:
            self.changed.notify_all()

    def tail(self):
        lines = self.log.read_text(errors="replace").splitlines()
        return "\n".join(["  " + line for line in lines[-15:]])

    def check(self):
        """Fails if the process has ended by itself."""
        status = self.child.poll()
        if status is not None and not self.expected_end:
            raise Failed(f"{self.name} ended with status {status}; it last said\n{self.tail()}")

    def find(self, start):
        """Time in microseconds and rest of the first event that begins with `start`; None if there is none."""
        with self.changed:
            for micros, text in self.events:
                if text == start or text.startswith(start + " "):
                    return micros, text[len(start):].strip()
        return None

    def all(self, start):
        """Times in microseconds and rests of all events that begin with `start`, in order."""
        with self.changed:
            return [(micros, text[len(start):].strip()) for micros, text in self.events
                    if text == start or text.startswith(start + " ")]

    def number(self, event):
        found = self.find(event)
        if found is None:
            raise Failed(f"{self.name} did not say {event}; it last said\n{self.tail()}")
        return int(found[1])

    def wait_for(self, start, seconds):
        deadline = time.monotonic() + seconds
        while True:
            found = self.find(start)
            if found is not None:
                return found
            self.check()
            if time.monotonic() > deadline:
                raise Failed(f"{self.name}: no event \"{start}\" within {seconds} s; it last said\n{self.tail()}")
            with self.changed:
                self.changed.wait(0.1)

    def pause(self):
        """SIGSTOP, until resume()."""
        self.child.send_signal(signal.SIGSTOP)

    def resume(self):
        self.child.send_signal(signal.SIGCONT)

    def kill(self):
        """SIGKILL; returns its time in seconds when the process is gone."""
        self.expected_end = True
        at = time.time()
        self.child.send_signal(signal.SIGKILL)
        self.child.wait()
        self._close()
        return at

    def _close(self):
        self.reader.join(10)
        self.child.stdout.close()

    def wait(self, seconds):
        """Waits for the end and returns the status."""
        self.expected_end = True
        try:
            status = self.child.wait(seconds)
        except subprocess.TimeoutExpired:
            raise Failed(f"{self.name} has not ended within {seconds} s; it last said\n{self.tail()}") from None
        self._close()
        return status

    def ask_to_stop(self):
        """SIGTERM, without waiting for the end."""
        self.expected_end = True
        if self.child.poll() is None:
            self.child.send_signal(signal.SIGTERM)

    def stop(self, seconds=60):
        """SIGTERM; returns the status."""
        self.ask_to_stop()
        return self.wait(seconds)

    def destroy(self):
        if self.child.poll() is None:
            self.kill()


class Broker:
    """A broker of our own, with its files in `folder` and some settings KEY=VALUE. One that is to be killed needs
    its controller apart. A watcher outside of our process tree stops it when we are gone."""

    WATCH = 'exec 3<&0; (cat <&3; "$0" stop "$1") >/dev/null 2>&1 & '

    def __init__(self, folder, settings=(), controller_apart=False):
        self.folder = folder
        self.watcher = subprocess.Popen(["bash", "-c", self.WATCH, BROKER, folder], stdin=subprocess.PIPE,
                                        start_new_session=True)
        self.watcher.wait()  # it has left the watching to its child
        environment = dict(os.environ, MOLDAU_BROKER_CONTROLLER="apart" if controller_apart else "")
        started = subprocess.run([BROKER, "start", folder, *settings], stdout=subprocess.PIPE, text=True, check=False,
                                 env=environment)
        if started.returncode != 0:
            raise Failed("the broker does not start")
        self.address = started.stdout.split()[-1]

    def kill(self):
        """SIGKILL; its data and its address stay."""
        subprocess.run([BROKER, "kill", self.folder], check=True)

    def restart(self):
        """Starts it again after a kill, without waiting; returns the process that ends, with status 0, when the
        broker answers."""
        return subprocess.Popen([BROKER, "restart", self.folder], stdin=subprocess.DEVNULL,
                                stdout=subprocess.DEVNULL)

    def stop(self):
        subprocess.run([BROKER, "stop", self.folder], check=False)
        self.watcher.stdin.close()


class World:
    """A broker and a folder for one test; both go away with it. `with` it. Without an address of a broker it
    starts one of its own, with these settings; `kills_broker` if the test kills it."""

    def __init__(self, programs, brokers="", keep=False, broker_settings=(), kills_broker=False):
        self.programs = pathlib.Path(programs)
        self.brokers = brokers
        self.broker_settings = broker_settings
        self.kills_broker = kills_broker
        self.keep = keep
        self.broker = None
        self.processes = []

    def __enter__(self):
        # A signal must not skip the clean-up.
        signal.signal(signal.SIGTERM, lambda *_: (_ for _ in ()).throw(Failed("terminated")))
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="moldau-robustness-"))
        try:
            if not self.brokers:
                self.broker = Broker(self.folder / "broker", self.broker_settings, self.kills_broker)
                self.brokers = self.broker.address
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for process in self.processes:
            process.destroy()
        if self.broker is not None:
            self.broker.stop()
        if self.keep:
            print(f"kept: {self.folder}")
        else:
            shutil.rmtree(self.folder, ignore_errors=True)

    def program(self, name):
        return self.programs / name

    def start(self, name, command):
        """Starts a process that belongs to this world; `name` also names its log."""
        process = Process(name, command, self.folder / f"{name}.log")
        self.processes.append(process)
        return process

    def tool(self, name, *arguments, seconds=300):
        """Runs a program to its end; returns what it printed. Fails unless its status is 0."""
        done = self.try_tool(name, *arguments, seconds=seconds)
        if done.returncode != 0:
            raise Failed(f"{name} ended with status {done.returncode}:\n{done.stdout}{done.stderr}")
        return done.stdout

    def try_tool(self, name, *arguments, seconds=300):
        command = TIED + [str(self.program(name)), *map(str, arguments)]
        try:
            return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                  text=True, timeout=seconds, check=False)
        except subprocess.TimeoutExpired:
            raise Failed(f"{name} has not ended within {seconds} s") from None


def broker_address(folder):
    """The broker that ctest has started for all tests: KAFKA_BROKERS, or what stands in its folder. Empty text if
    there is none."""

    if os.environ.get("KAFKA_BROKERS"):
        return os.environ["KAFKA_BROKERS"]
    bootstrap = pathlib.Path(folder) / "bootstrap" if folder else None
    if bootstrap is not None and not bootstrap.exists():
        raise Failed(f"no broker: {bootstrap} does not exist; run the test by ctest, which starts one")
    return bootstrap.read_text().strip() if bootstrap is not None else ""
