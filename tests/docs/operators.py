"""The operators of the public headers and the sections of docs/operators.md."""

import re
from dataclasses import dataclass, field

COMMENT = re.compile(r"//[^\n]*")
CLASS = re.compile(
    r"^class (?:MOLDAU_EXPORT )?(?P<name>\w+)(?: :[^{;]*)?\s*\{\n(?P<body>.*?)^\};", re.DOTALL | re.MULTILINE
)
DETAILS = re.compile(
    r"^namespace (?P<name>(?:\S+ \S+::)?(?:dsl|processor)) \{\n.*?^\}  // namespace (?P=name)$", re.DOTALL | re.MULTILINE
)
ACCESS = re.compile(r"^ (public|protected|private):$", re.MULTILINE)
MEMBER = re.compile(
    r"^  (?! |template|friend|using|static_assert|static constexpr|explicit|virtual|~|\}|\)|:)(?P<line>\S.*)$", re.MULTILINE
)
CALL = re.compile(r"\b(?P<name>[a-z_]\w*)\(")
NOT_NAMES = {"requires", "decltype", "noexcept", "sizeof"}

# For the library's own nodes, not for programs.
INTERNAL = {"attach", "view"}
NO_OPERATORS = {"FixedKeyRecord"}


def operators(header):
    """The public functions of the classes of a header, by class."""
    text = COMMENT.sub("", DETAILS.sub("", header))
    found = {}
    for declared in CLASS.finditer(text):
        names = set()
        parts = ACCESS.split(declared["body"])
        for access, body in zip(parts[1::2], parts[2::2]):
            if access == "public":
                names |= set(member_names(body))
        names -= INTERNAL
        if names and declared["name"] not in NO_OPERATORS:
            found[declared["name"]] = names
    return found


def member_names(body):
    for member in MEMBER.finditer(body):
        calls = (call["name"] for call in CALL.finditer(member["line"]))
        name = next((call for call in calls if call not in NOT_NAMES), None)
        if name:
            yield name


@dataclass
class Chapter:
    """What a document says about a class."""

    rows: set = field(default_factory=set)
    sections: dict = field(default_factory=dict)  # text by name of operator; several sections may share one


def names_in(text):
    return re.findall(r"`([a-z_]+)`", text)


def chapters(document):
    """By class. A chapter is `## Class`; its table has a row for each operator; sections are `### a, b: more`."""
    found = {}
    for part in re.split(r"^## ", document, flags=re.MULTILINE)[1:]:
        title, _, text = part.partition("\n")
        chapter = found[title.strip("` ")] = Chapter()
        head, *sections = re.split(r"^### ", text, flags=re.MULTILINE)
        for row in re.findall(r"^\| (`[^|]*)\|", head, re.MULTILINE):
            chapter.rows |= set(names_in(row))
        for section in sections:
            heading, _, body = section.partition("\n")
            for name in names_in(heading):
                chapter.sections[name] = chapter.sections.get(name, "") + body
    return found


def missing(known, document):
    """What a document does not say about the operators of some classes."""
    told = chapters(document)
    for class_name, names in sorted(known.items()):
        chapter = told.get(class_name)
        if chapter is None:
            yield f"{class_name}: no chapter"
            continue
        for name in sorted(names):
            if name not in chapter.rows:
                yield f"{class_name}::{name}: no row in the table of its chapter"
            if name not in chapter.sections:
                yield f"{class_name}::{name}: no section"
            elif "```cpp" not in chapter.sections[name]:
                yield f"{class_name}::{name}: no example"
            elif "```text" not in chapter.sections[name]:
                yield f"{class_name}::{name}: nothing about what the example does"
        for name in sorted((chapter.rows | set(chapter.sections)) - names):
            yield f"{class_name}::{name}: is not in the headers"
