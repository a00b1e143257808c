"""The list of operators is what the headers declare, and a chapter that leaves one out is found."""

import unittest

from operators import missing, operators

HEADER = """
namespace moldau::inline v0 {

namespace dsl {
class Hidden {
 public:
  void inside();
};
}  // namespace dsl

// A stream, with a comment() inside.
template <class K, class V>
class KStream {
 public:
  using key_type = K;

  // Keeps some, see map().
  template <class F>
  KStream filter(F predicate, Named named = {}) const {
    return add(std::move(predicate));
  }
  template <class F>
  requires(!std::convertible_to<F, std::string>) void to(F topic_of,
                                                         Produced<K, V> produced = {}) const;
  [[nodiscard]] KTable<K, std::int64_t> count() const { return count(Named{}); }

  explicit KStream(int handle) : handle_(handle) {}
  ~KStream();

 private:
  void add();
};

}  // namespace moldau::inline v0

namespace moldau::inline v0::dsl {
namespace operators {
}  // namespace operators
class Handle {
 public:
  void inside();
};
}  // namespace moldau::inline v0::dsl
"""

CHAPTER = """# Operators

## KStream

| operator | makes |
|---|---|
| `filter` | `KStream` |
| `to`, `count` | |

### `filter`

```cpp filter
```

```text filter
```

### `to`, `count`

```cpp to
```

```text to
```
"""


class Headers(unittest.TestCase):
    def test_declare_operators_in_the_public_parts_of_their_classes(self):
        self.assertEqual({"KStream": {"filter", "to", "count"}}, operators(HEADER))


class Missing(unittest.TestCase):
    def missing(self, document):
        return list(missing(operators(HEADER), document))

    def test_is_nothing_if_each_operator_has_a_row_and_a_section(self):
        self.assertEqual([], self.missing(CHAPTER))

    def test_is_a_class_without_a_chapter(self):
        self.assertEqual(["KStream: no chapter"], self.missing("# Operators\n"))

    def test_is_an_operator_without_a_row(self):
        self.assertEqual(
            ["KStream::count: no row in the table of its chapter"], self.missing(CHAPTER.replace("`, `count` |", "` |"))
        )

    def test_is_an_operator_without_a_section(self):
        self.assertEqual(["KStream::count: no section"], self.missing(CHAPTER.replace("### `to`, `count`", "### `to`")))

    def test_is_a_section_without_an_example_or_without_what_it_does(self):
        self.assertEqual(["KStream::filter: no example"], self.missing(CHAPTER.replace("```cpp filter", "```")))
        self.assertEqual(
            ["KStream::filter: nothing about what the example does"],
            self.missing(CHAPTER.replace("```text filter", "```")),
        )

    def test_is_an_operator_that_is_gone(self):
        found = self.missing(CHAPTER.replace("### `filter`", "### `filter`, `sift`"))

        self.assertEqual(["KStream::sift: is not in the headers"], found)


if __name__ == "__main__":
    unittest.main()
