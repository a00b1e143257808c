"""The tool that compares the book with the tests sees what it is to see."""

import unittest

from snippets import Malformed, differences, snippets, updated

SOURCE = """
TEST_F(Book, Filter) {
  // [filter]
  builder.filter(
      big);
  // [filter end]

  expect(R"(
    in a  ->  out a
      and more
  )");
}

TEST_F(Book, NoTranscript) {
  // [to]
  to("out");
  // [to end]
}

TEST_F(Book, Other) { expect(R"(of nobody)"); }

// [processor]
class Mine {};
// [processor end]

TEST_F(Book, Processor) { expect(R"(of mine)"); }
TEST_F(Book, Last) { expect(R"(of nobody)"); }
"""

CHAPTER = """# Chapter

```cpp filter
builder.filter(
    big);
```

```text filter
in a  ->  out a
  and more
```

```cpp to
to("out");
```
"""


class Regions(unittest.TestCase):
    def test_have_the_code_between_their_marks_without_the_indent(self):
        self.assertEqual("builder.filter(\n    big);\n", snippets(SOURCE)["filter"].code)

    def test_have_the_raw_string_of_their_test_as_a_transcript(self):
        self.assertEqual("in a  ->  out a\n  and more\n", snippets(SOURCE)["filter"].transcript)
        self.assertEqual("", snippets(SOURCE)["to"].transcript)

    def test_in_front_of_a_test_have_its_transcript(self):
        self.assertEqual("of mine\n", snippets(SOURCE)["processor"].transcript)

    def test_need_both_marks(self):
        for source in ("// [a]\n", "// [a end]\n", "// [a]\n// [b]\n", "// [a]\n// [b end]\n"):
            with self.assertRaises(Malformed):
                snippets(source)

    def test_have_names_of_their_own(self):
        with self.assertRaises(Malformed):
            snippets("// [a]\n// [a end]\n// [a]\n// [a end]\n")


class Chapters(unittest.TestCase):
    def differences(self, document):
        return list(differences(document, snippets(SOURCE)))

    def test_that_show_what_the_tests_have_are_right(self):
        self.assertEqual([], self.differences(CHAPTER))

    def test_that_show_other_code_are_wrong(self):
        self.assertEqual(["```cpp filter: differs from the test"], self.differences(CHAPTER.replace("big", "small")))

    def test_that_show_another_transcript_are_wrong(self):
        self.assertEqual(["```text filter: differs from the test"], self.differences(CHAPTER.replace("more", "less")))

    def test_that_show_what_no_test_has_are_wrong(self):
        self.assertEqual(["```cpp peek: no test has it"], self.differences("```cpp peek\nx\n```\n"))
        self.assertEqual(["```text to: no test has it"], self.differences("```text to\nx\n```\n"))

    def test_that_show_code_without_a_name_are_wrong(self):
        self.assertEqual(["a block of code has no name: x"], self.differences("```cpp\nx\n```\n"))
        self.assertEqual([], self.differences("```text\nx\n```\n\n```sh\nx\n```\n"))

    def test_are_put_right(self):
        wrong = CHAPTER.replace("big", "small").replace("more", "less")

        self.assertEqual(CHAPTER, updated(wrong, snippets(SOURCE)))


if __name__ == "__main__":
    unittest.main()
