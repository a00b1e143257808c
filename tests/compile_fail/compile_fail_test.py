"""A wrong program is refused with one sentence that says what is wanted.

  compile_fail_test.py PROGRAM COMPILER FLAG...    this program, whose first comment is `must say: SENTENCE`
  compile_fail_test.py --every-sentence            there is a program for each sentence of the public headers
"""

import re
import subprocess
import sys
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
HEADERS = HERE.parents[1] / "include"

ASSERTION = re.compile(r'static_assert\s*\((?:[^;"]*?),\s*((?:"(?:[^"\\]|\\.)*"\s*)+)\)\s*;')
LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"')


def expected(program):
    comment = []
    for line in program.read_text().splitlines():
        if not line.startswith("//"):
            break
        comment.append(line.removeprefix("//").strip())
    start, sentence = " ".join(comment).split("must say: ", 1)
    return sentence


def sentences(text):
    return ["".join(LITERAL.findall(literals)) for literals in ASSERTION.findall(text)]


def errors(said):
    """What g++ or clang complains about, without places and notes."""
    for line in said.splitlines():
        place, error, message = line.partition("error: ")
        if error:
            message = message.removeprefix("static assertion failed: ")
            clang = re.fullmatch(r'static_assert failed(?: due to requirement .*?)? "(.*)"', message)
            yield clang[1] if clang else message


class OneProgram(unittest.TestCase):
    program, compiler = None, ()

    def test_it_is_refused_with_its_sentence_and_nothing_else(self):
        result = subprocess.run([*self.compiler, "-fsyntax-only", self.program], capture_output=True, text=True)

        self.assertNotEqual(0, result.returncode, "it compiles")
        self.assertEqual([expected(self.program)], list(errors(result.stderr)), "\n" + result.stderr)


class EverySentence(unittest.TestCase):
    def test_sentences_are_found_in_headers(self):
        text = 'static_assert(A<F, K>,\n    "one() takes " \n "this");\nstatic_assert(!B<I>, "two() takes that");'
        self.assertEqual(["one() takes this", "two() takes that"], sentences(text))

    def test_each_has_a_program_that_provokes_it(self):
        said = {sentence for header in HEADERS.rglob("*.h") for sentence in sentences(header.read_text())}
        self.assertGreater(len(said), 15)

        self.assertEqual(said, {expected(program) for program in HERE.glob("*.cpp")})


if __name__ == "__main__":
    if sys.argv[1] == "--every-sentence":
        unittest.main(argv=sys.argv[:1], defaultTest="EverySentence")
    else:
        OneProgram.program, OneProgram.compiler = Path(sys.argv[1]), sys.argv[2:]
        unittest.main(argv=sys.argv[:1], defaultTest="OneProgram")
