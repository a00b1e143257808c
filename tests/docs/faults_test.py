"""Every row of docs/faults.md names tests, and they exist where it says."""

import re
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CHAPTER = ROOT / "docs" / "faults.md"
NAMED = re.compile(r"\[`([\w.]+)`\]\(([^)]+)\)")
IN_GOOGLETEST = re.compile(r"\bTEST(?:_F|_P)?\(\s*(\w+),\s*(\w+)\s*\)")


def rows(text):
    """Number and cells of each row of a table, without its head."""
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith("| ") and not line.startswith("| what goes wrong "):
            yield number, [cell.strip() for cell in line.strip("|").split(" | ")]


def defines(file, name):
    """Whether there is a test of that name: Suite.Test of a source, folder.test of a CMakeLists.txt."""
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".cpp":
        return name in {".".join(found) for found in IN_GOOGLETEST.findall(text)}
    folder, _, test = name.partition(".")
    if file.parent.name != folder:
        return False
    # The names of some are put together: moldau_crash_test(exactly_once_v2 ...) makes crash_at.exactly_once_v2.
    return all(re.search(rf"\b{re.escape(part)}\b", text) for part in test.split("."))


def problems(text):
    for number, cells in rows(text):
        if len(cells) != 3:
            yield f"{number}: three cells were expected, found {len(cells)}"
            continue
        named = NAMED.findall(cells[2])
        if not named:
            yield f"{number}: names no test"
        for name, link in named:
            file = CHAPTER.parent / link
            if not file.exists() or not defines(file, name):
                yield f"{number}: {link} has no test {name}"


class Faults(unittest.TestCase):
    def test_every_row_names_tests_that_exist(self):
        found = [f"docs/faults.md:{problem}" for problem in problems(CHAPTER.read_text(encoding="utf-8"))]

        self.assertEqual([], found, "\n" + "\n".join(found))

    def test_there_are_rows(self):
        self.assertGreater(len(list(rows(CHAPTER.read_text(encoding="utf-8")))), 25)

    def test_what_is_wrong_is_found(self):
        link = "../tests/streams/client_state_test.cpp"

        self.assertEqual([], list(problems(f"| a | b | [`ClientState.TheFirstErrorIsKept`]({link}) |")))
        for cells in ("| a | b | none |", "| a | b |", f"| a | b | [`ClientState.Nothing`]({link}) |",
                      "| a | b | [`ClientState.TheFirstErrorIsKept`](../tests/nowhere_test.cpp) |",
                      "| a | b | [`simulation.nothing`](../tests/simulation/CMakeLists.txt) |",
                      "| a | b | [`robustness.every_rule_holds`](../tests/simulation/CMakeLists.txt) |"):
            self.assertEqual(1, len(list(problems(cells))), cells)


if __name__ == "__main__":
    unittest.main()
