"""The code of the book and the tests it is cut from.

A region of a test is the code between two marks, and its transcript is the first raw string behind it in that test; of a
region in front of a test, the first one in the test:

    // [filter]
    builder.stream<std::string, std::string>("in").filter(...).to("out");
    // [filter end]
    expect(R"(
      in a x @1  ->  out a x @1
    )");

A document shows the region in a block that begins with ```cpp filter, the transcript in one with ```text filter.
"""

import re
import textwrap
from dataclasses import dataclass

MARK = re.compile(r"^(?P<indent> *)// \[(?P<name>[a-z][a-z0-9_ ]*?)(?P<end> end)?\]\n", re.MULTILINE)
RAW_STRING = re.compile(r'R"\((.*?)\)"', re.DOTALL)
TEST = re.compile(r"^TEST(?:_F)?\(", re.MULTILINE)
BLOCK = re.compile(r"^```(?P<language>cpp|text)(?: (?P<name>[^\n]+))?\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)


class Malformed(Exception):
    pass


@dataclass(frozen=True)
class Snippet:
    name: str
    code: str
    transcript: str  # empty: none


@dataclass(frozen=True)
class Block:
    language: str
    name: str  # empty: none
    text: str


def outdented(text):
    return textwrap.dedent(text).strip("\n") + "\n"


def snippets(source):
    """Those of a test file, by name."""
    found = {}
    marks = list(MARK.finditer(source))
    for number in range(0, len(marks), 2):
        start, end = marks[number], marks[number + 1] if number + 1 < len(marks) else None
        name = start["name"]
        if start["end"] or end is None or not end["end"] or end["name"] != name:
            raise Malformed(f"[{name}] and [{name} end] do not follow each other")
        if name in found:
            raise Malformed(f"two regions are called [{name}]")
        following = source[end.end() : marks[number + 2].start() if number + 2 < len(marks) else len(source)]
        tests = [test.start() for test in TEST.finditer(following)]
        others = tests if start["indent"] else tests[1:]
        transcript = RAW_STRING.search(following[: others[0]] if others else following)
        found[name] = Snippet(
            name, outdented(source[start.end() : end.start()]), outdented(transcript[1]) if transcript else ""
        )
    return found


def blocks(document):
    return [Block(found["language"], found["name"] or "", found["text"]) for found in BLOCK.finditer(document)]


def shown(block, known):
    """What a block has to show. None: nothing is known by its name."""
    snippet = known.get(block.name)
    if snippet is None:
        return None
    return snippet.code if block.language == "cpp" else snippet.transcript or None


def differences(document, known):
    """What is wrong with the named blocks of a document, and with blocks of code that have no name."""
    for block in blocks(document):
        if not block.name:
            if block.language == "cpp":
                yield f"a block of code has no name: {block.text.splitlines()[0]}"
        elif shown(block, known) is None:
            yield f"```{block.language} {block.name}: no test has it"
        elif shown(block, known) != block.text:
            yield f"```{block.language} {block.name}: differs from the test"


def updated(document, known):
    """The document with what the tests say now."""

    def replaced(found):
        block = Block(found["language"], found["name"] or "", found["text"])
        text = shown(block, known) if block.name else None
        return found[0] if text is None else f"```{block.language} {block.name}\n{text}```"

    return BLOCK.sub(replaced, document)
