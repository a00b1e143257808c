"""Writes the inputs that fuzzing begins with, a file each: corpus.py FOLDER TARGET...

They come from the golden vectors (tests/golden), and from corpus/TARGET.txt, one a line: `hex:` digits, or `text:`
with escapes as in Python. An input that broke a rule is added there.
"""

import codecs
import json
import pathlib
import shutil
import sys

HERE = pathlib.Path(__file__).resolve().parent
GOLDEN = HERE.parent / "golden"


def golden(name):
    return json.loads((GOLDEN / name).read_text(encoding="utf-8"))


def inputs(vectors, choices=b""):
    """The bytes of golden vectors, behind what the target takes from the front."""
    return [choices + bytes.fromhex(vector["bytes"]) for vector in vectors if vector.get("bytes")]


def windowed_keys():
    vectors = golden("windowed.json")["vectors"]
    return [choices + data for kind in range(3) for choices in [bytes([kind, 0])] for data in inputs(vectors)]


def segmented_rows():
    vectors = golden("windowed.json")["vectors"]
    return [choices + data for kind in range(4) for choices in [bytes([kind % 2, kind // 2]) + bytes(8)]
            for data in inputs(vectors)]


def foreign_key_messages():
    vectors = golden("fk_join.json")
    return inputs(vectors["subscription_wrapper"], b"\0") + inputs(vectors["subscription_response_wrapper"], b"\1")


def regrouped_changes():
    vectors = golden("change.json")
    return inputs(vectors["serialize"]) + inputs(vectors["deserialize"])


def store_values(start):
    return [vector for vector in golden("store_values.json") if vector["what"].startswith(start)]


def buffered_changes():
    return inputs(store_values("suppress changelog"), b"\3")


def stored_values():
    return (inputs(store_values("timestamped"), b"\1") + inputs(store_values("header-aware value"), b"\2")
            + inputs(store_values("header-aware session"), b"\3"))


def version_lists():
    return inputs(store_values("versioned segment row"))


def offset_metadata():
    vectors = golden("offset_metadata.json")
    return [vector["metadata_string"].encode() for vector in vectors["encode"] + vectors["decode"]]


def lists_and_texts():
    choice = {"integer": b"\4", "string": b"\3", "uuid": b"\6"}
    lists = [data for vector in golden("serdes.json")["list_vectors"]
             for data in inputs([vector], choice[vector["inner"]])]
    return lists + inputs(golden("utf8.json")["cases"], b"\0")


def avro_schemas():
    return [json.dumps(case["writer"]).encode() for case in golden("avro.json")["cases"]]


def written_by_hand(target):
    file = HERE / "corpus" / f"{target}.txt"
    if not file.exists():
        return []
    found = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        kind, _, value = line.partition(":")
        if kind == "hex":
            found.append(bytes.fromhex(value))
        elif kind == "text":
            found.append(codecs.escape_decode(value.removeprefix(" ").encode())[0])
        elif line.strip() and not line.startswith("#"):
            sys.exit(f"{file.name}:{number}: expected hex:, text: or #")
    return found


def main(folder, targets):
    for target in targets:
        place = pathlib.Path(folder) / target
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        from_vectors = globals().get(target, list)
        found = from_vectors() + written_by_hand(target)
        if not found:
            sys.exit(f"{target}: no inputs to begin with")
        for number, data in enumerate(found):
            (place / f"{number:03}").write_bytes(data)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
