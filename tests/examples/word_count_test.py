"""word_count counts words: what it prints is what `tr | sort | uniq -c` says.

  word_count_test.py PROGRAM TEXT
"""

import os
import pty
import random
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

PROGRAM, BUNDLED = Path("word_count"), Path("river.txt")
COUNTED_BY_HAND = r"tr -cs '[:alnum:]' '\n' | tr '[:upper:]' '[:lower:]' | grep . | sort | uniq -c"


def word_count(*arguments):
    return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, timeout=100)


def expected(text):
    """{word: count} by the tools of the system."""
    with text.open("rb") as opened:
        counted = subprocess.run(COUNTED_BY_HAND, shell=True, stdin=opened, stdout=subprocess.PIPE, text=True,
                                 env={**os.environ, "LC_ALL": "C"}).stdout
    return {word: int(count) for count, word in (line.split() for line in counted.splitlines())}


def as_lines(counts):
    return "".join(f"{word}\t{count}\n" for word, count in sorted(counts.items()))


def make_text(path):
    seed = int(os.environ.get("MOLDAU_SEED") or random.SystemRandom().randrange(2**32))
    print(f"MOLDAU_SEED={seed}", flush=True)
    draw = random.Random(seed)
    words = ["".join(draw.choices("abcdefgXYZ0189", k=draw.randint(1, 12))) for _ in range(300)]
    between = [" ", " ", " ", ", ", ". ", "\t", "-", "'", "!? ", "_", " \u00e9 ", "\u2014"]
    with path.open("w", encoding="utf-8") as text:
        for _ in range(2000):
            line = ""
            for word in draw.choices(words, k=draw.randint(0, 9)):
                line += word + draw.choice(between)
            text.write(line + "\n")


def on_a_terminal(*command):
    """What a program writes to a terminal, and its status."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execv(command[0], command)
    written = b""
    while True:
        try:
            read = os.read(terminal, 65536)
        except OSError:  # how a terminal says that the other end is closed
            break
        if not read:
            break
        written += read
    os.close(terminal)
    return written.decode(), os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


class Counts(unittest.TestCase):
    def check(self, text, *arguments):
        result = word_count(*arguments)

        self.assertEqual(0, result.returncode, result.stderr)
        self.assertEqual(as_lines(expected(text)), result.stdout)
        self.assertEqual("", result.stderr)

    def test_of_the_bundled_text(self):
        self.assertGreater(len(expected(BUNDLED)), 100)
        self.check(BUNDLED)

    def test_of_a_text_that_is_made_up(self):
        with tempfile.TemporaryDirectory() as folder:
            text = Path(folder) / "text"
            make_text(text)
            self.assertGreater(len(expected(text)), 250)
            self.check(text, "--input", text)

    def test_of_an_empty_text(self):
        with tempfile.NamedTemporaryFile() as text:
            self.check(Path(text.name), "--input", text.name)

    def test_nothing_is_left_behind(self):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([PROGRAM], check=True, stdout=subprocess.DEVNULL, env={**os.environ, "TMPDIR": folder})
            self.assertEqual([], os.listdir(folder))


class Terminal(unittest.TestCase):
    def test_shows_a_table_that_stays_in_place(self):
        written, status = on_a_terminal(str(PROGRAM))

        self.assertEqual(0, status, written)
        frames = re.split(r"(?=\x1b\[K\d+ words, )", written)[1:]
        self.assertRegex(frames[0], r"\d+ words, \d+ counted, \d+ records/s")
        self.assertRegex(written, r"\x1b\[\d+A")  # the cursor went back up
        counts = expected(BUNDLED)
        self.assertIn(f"{len(counts)} words, {sum(counts.values())} counted", frames[-1])
        rows = re.findall(r"\x1b\[K +(\d+)  (\S+)", frames[-1])
        self.assertEqual(20, len(rows))
        self.assertEqual(rows, [(str(counts[word]), word) for _, word in rows])
        self.assertEqual(sorted(counts.values(), reverse=True)[:20], [int(count) for count, _ in rows])


class Options(unittest.TestCase):
    def refused(self, expected_text, *arguments):
        result = word_count(*arguments)

        self.assertNotEqual(0, result.returncode)
        self.assertEqual("", result.stdout)
        self.assertIn(expected_text, result.stderr)

    def test_help_tells_them(self):
        result = word_count("--help")

        self.assertEqual(0, result.returncode)
        for option in ("--input", "--bootstrap", "--guarantee", "--config"):
            self.assertIn(option, result.stdout)

    def test_an_unknown_one_is_refused_by_name(self):
        self.refused("--inputs", "--inputs", "x")

    def test_an_input_that_cannot_be_read_is_named(self):
        self.refused("cannot read /no/such/text", "--input", "/no/such/text")
        self.refused("cannot read /", "--input", "/")

    def test_a_text_and_a_cluster_exclude_each_other(self):
        self.refused("--input", "--input", "x", "--bootstrap", "localhost:9092")
        self.refused("--input", "--input", "x", "--config", "x")

    def test_a_guarantee_is_one_of_two(self):
        self.refused("at_least_once", "--bootstrap", "localhost:9092", "--guarantee", "perhaps_once")

    def test_a_guarantee_needs_a_cluster(self):
        self.refused("--bootstrap", "--guarantee", "exactly_once_v2")

    def test_a_configuration_that_cannot_be_read_is_named(self):
        self.refused("/no/such/file", "--config", "/no/such/file")

    def test_an_unknown_key_of_a_configuration_is_named(self):
        with tempfile.NamedTemporaryFile("w") as config:
            config.write("application.id=words\nbootstrap.servers=localhost:9092\nnum.stream.treads=2\n")
            config.flush()
            self.refused("num.stream.treads", "--config", config.name)


if __name__ == "__main__":
    PROGRAM, BUNDLED = (Path(argument) for argument in sys.argv[1:])
    unittest.main(argv=sys.argv[:1])
