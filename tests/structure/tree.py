"""The files of this repository, and what the structure tests read in them."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CODE = (".h", ".cpp")
CODE_FOLDERS = ("include", "src", "tests", "examples", "benchmarks")


@dataclass(frozen=True)
class File:
    path: str  # from the root, with slashes
    text: str

    @property
    def lines(self):
        return self.text.split("\n")


@dataclass(frozen=True)
class Include:
    line: int
    name: str
    quoted: bool


def files(*folders, endings=None):
    """The text files below some folders; without a folder, of the whole repository. Builds are not part of it."""
    for start in folders or (".",):
        for folder, below, names in os.walk(ROOT / start):
            here = Path(folder).relative_to(ROOT)
            below[:] = sorted(
                name for name in below
                if name not in (".git", ".cache", "__pycache__") and not (here == Path(".") and name.startswith("build"))
            )
            for name in sorted(set(names) - {".git"}):  # a file in a linked work tree
                if endings is None or name.endswith(endings):
                    try:
                        yield File((here / name).as_posix(), (ROOT / here / name).read_text(encoding="utf-8"))
                    except UnicodeDecodeError:
                        pass  # not text


def code(*folders):
    return files(*(folder for folder in folders or CODE_FOLDERS if (ROOT / folder).exists()), endings=CODE)


INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]')


def includes(file):
    for number, line in enumerate(file.lines, start=1):
        found = INCLUDE.match(line)
        if found:
            yield Include(number, found[2], found[1] == '"')


NOT_CODE = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"', re.DOTALL)


def without_comments_and_strings(text):
    """The same text, on the same lines."""
    return NOT_CODE.sub(lambda found: "\n" * found[0].count("\n"), text)
