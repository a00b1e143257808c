"""The tables of docs/coming-from-java.md: what the reference has on the left, what this library has on the right."""

import re

ROW = re.compile(r"^\| (?P<theirs>[^|]*) \| (?P<ours>[^|]*) \|$")
CODE = re.compile(r"`([^`]*)`")
TEXT = re.compile(r'"[^"]*"')
NAME = re.compile(r"[A-Za-z_]\w+")
# What examples in the tables call their own things.
EXAMPLES = {"time", "value", "topic", "child", "expression", "other", "adder", "subtractor", "merger", "init"}


def sections(document):
    """Rows by the names that stand in the heading above them; rows of other headings are under ''."""
    found, names = {"": []}, [""]
    for line in document.split("\n"):
        if line.startswith("#"):
            names = re.findall(r"\w+", line) if line.startswith("### ") else [""]
        row = ROW.match(line)
        if row and row["theirs"] != "Kafka Streams" and not row["theirs"].startswith("---"):
            for name in names:
                found.setdefault(name, []).append((row["theirs"], row["ours"]))
    return found


def untold(names, document, configuration):
    """Names of the reference, as java_names.txt has them, that no row is about; keys are those of `configuration`."""
    told = sections(document)
    for name in names:
        if name.startswith("config "):
            if f"| `{name.removeprefix('config ')}` |" not in configuration:
                yield name
        else:
            owner, function = name.split(".")
            left = " ".join(theirs for theirs, _ in told.get(owner, []))
            if function not in NAME.findall(" ".join(CODE.findall(left))):
                yield name


def unknown(document, headers):
    """Words of code in the right column that are not in the text of the headers."""
    words = set(NAME.findall(headers)) | EXAMPLES
    for rows in sections(document).values():
        for _, ours in rows:
            for code in CODE.findall(ours):
                for name in NAME.findall(TEXT.sub("", code)):
                    if name not in words:
                        yield f"{name}, in `{code}`"
