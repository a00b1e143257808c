"""What the code of this project keeps to. Each rule takes a file, or some, and yields `path:line: message`."""

import re

from tree import includes, without_comments_and_strings

# A module includes itself and modules of lower rows.
ROWS = (
    ("base", "record", "serde"),
    ("state", "kafka", "metrics", "schema_registry"),
    ("topology", "processor"),
    ("dsl", "membership"),
    ("runtime",),
    ("streams", "query"),
    ("console", "testing"),
)
ROW = {module: number for number, modules in enumerate(ROWS) for module in modules}
# What it may include on its own row.
SIDEWAYS = {
    ("record", "base"),
    ("serde", "base"),
    ("serde", "record"),
    ("state", "metrics"),
    ("kafka", "metrics"),
    ("topology", "processor"),
    ("streams", "query"),
}

# Lower, and still not to be known: description is not execution, the two meet in topology.
APART = {("runtime", "dsl")}

# The only places that may include a library.
LIBRARY_PLACES = {
    "librdkafka": ("src/kafka/rdkafka/",),
    "openssl": ("src/kafka/wire/",),
    "rocksdb": ("src/state/rocksdb/", "include/moldau/state/rocksdb_options.h"),
    "spdlog": ("src/base/",),
    "nlohmann": ("src/", "include/moldau/serde/json.h", "include/moldau/serde/json_optional.h"),
    "httplib.h": ("src/schema_registry/http/",),
    "google": ("src/schema_registry/protobuf/", "include/moldau/serde/protobuf.h"),
    "absl": ("src/",),
    "gtest": (),
    "gmock": (),
    "benchmark": (),
    "CLI": (),
}
# Slow to compile, so not for every user of a public header.
SLOW_HEADERS = {"iostream", "regex", "ranges"}

# Who may start threads, wait, read clocks and draw random numbers.
MACHINE = ("src/base/", "src/kafka/rdkafka/", "src/kafka/wire/", "src/kafka/memory/", "src/state/rocksdb/",
           "src/schema_registry/http/")
MACHINE_HEADERS = {
    "thread", "condition_variable", "random", "future", "semaphore", "latch", "barrier", "stop_token", "ctime",
    "time.h", "sys/time.h", "pthread.h", "poll.h", "sys/epoll.h", "sys/select.h", "sys/random.h",
}
MACHINE_USE = re.compile(
    r"std::j?thread\b|\bthis_thread\b|\bcondition_variable\w*|\bstd::async\b|\bsleep(?:_for|_until)?\s*\(|"
    r"\b(?:u|nano)sleep\s*\(|::now\s*\(|\brandom_device\b|\bmt19937\w*|\bs?rand\s*\(|\bgetrandom\s*\(|"
    r"\bgettimeofday\s*\(|\bclock_gettime\s*\(|\btime\s*\(\s*(?:nullptr|NULL|0)\s*\)|(?<!\w)::poll\s*\(|"
    r"\bepoll_wait\s*\(|\bpthread_\w+"
)
# And one place that is there to wait for the user, not for the program.
WAITS_FOR_A_SIGNAL = ("src/streams/signal_wait.cpp",)

LONGEST_FILE = 600
LONGEST_README = 40
EMPTY_NAMES = re.compile(r"(?:^|_)(?:utils?|helpers?|common|misc|managers?)(?:_|$)")

# Places of one machine only.
LOCAL_PLACE = re.compile(r"(?<![\w.$}])/(?:work|root|home)/|\.\./shared\b")
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)\s]*)?\)")


def module_of(path):
    """The module that a path or an include belongs to; None for the few headers above all modules."""
    for start in ("include/moldau/", "src/", "moldau/"):
        if path.startswith(start):
            path = path[len(start):]
            break
    module, slash, _ = path.partition("/")
    return module if slash else None


def may_include(module, other):
    if module == other:
        return True
    lower = ROW[other] < ROW[module] and (module, other) not in APART
    return lower or (module, other) in SIDEWAYS


def layering(file):
    """Modules know lower modules only; public headers know public headers only."""
    module = module_of(file.path)
    if module is not None and module not in ROW:
        yield f"{file.path}:1: module {module} has no row in the table of layers"
        return
    for include in includes(file):
        if not include.quoted:
            continue
        if file.path.startswith("include/") and not include.name.startswith("moldau/"):
            yield f"{file.path}:{include.line}: a public header includes the private {include.name}"
            continue
        other = module_of(include.name)
        # Above all modules: the umbrella header includes everything, export.h and version.h nothing.
        if module is None or (other is None and include.name in ("moldau/export.h", "moldau/version.h", "moldau/fwd.h")):
            continue
        if other is None:
            yield f"{file.path}:{include.line}: {include.name} is for users"
        elif other not in ROW:
            yield f"{file.path}:{include.line}: {include.name} is no module of the library"
        elif not may_include(module, other):
            yield f"{file.path}:{include.line}: {module} may not include {other} ({include.name})"


def libraries(file):
    """Third-party headers are included in their own place only."""
    for include in includes(file):
        library, slash, _ = include.name.partition("/")
        if include.quoted:
            continue
        if library in LIBRARY_PLACES:
            if not file.path.startswith(LIBRARY_PLACES[library] or ("nowhere",)):
                yield f"{file.path}:{include.line}: <{include.name}> has no place here"
        elif file.path.startswith("include/") and slash:
            yield f"{file.path}:{include.line}: public headers include the standard library only, not <{include.name}>"
        elif file.path.startswith("include/") and include.name in SLOW_HEADERS:
            yield f"{file.path}:{include.line}: <{include.name}> is too slow to compile for a public header"


def seams(file):
    """Threads, waiting, clocks and randomness are behind interfaces."""
    if file.path.startswith(MACHINE + WAITS_FOR_A_SIGNAL + ("include/moldau/base/",)):
        return
    for include in includes(file):
        if not include.quoted and include.name in MACHINE_HEADERS:
            yield f"{file.path}:{include.line}: <{include.name}> is for base and the adapters"
    for number, line in enumerate(without_comments_and_strings(file.text).split("\n"), start=1):
        found = MACHINE_USE.search(line)
        if found:
            yield f"{file.path}:{number}: {found[0].strip('( ')} is for base and the adapters"


def generated(file):
    return any("generated" in line.lower() for line in file.lines[:5])


def length(file):
    count = len(file.text.splitlines())
    if count > LONGEST_FILE and not generated(file):
        yield f"{file.path}:{LONGEST_FILE}: {count} lines; split it"


def pragma_once(file):
    if file.path.endswith(".h") and "#pragma once" not in file.lines:
        yield f"{file.path}:1: no #pragma once"


def telling_name(path):
    for part in path.split("/"):
        if EMPTY_NAMES.search(part.split(".")[0]):
            yield f"{path}:1: {part} does not say what is in it"


def readme_length(file):
    count = len(file.text.splitlines())
    if count > LONGEST_README:
        yield f"{file.path}:{LONGEST_README}: {count} lines; {LONGEST_README} must do"


def no_local_places(file):
    for number, line in enumerate(file.lines, start=1):
        found = LOCAL_PLACE.search(line)
        if found:
            yield f"{file.path}:{number}: {found[0]} exists on one machine only"


def links(file, exists):
    """`exists` says whether a path relative to the file is there. Code in fences has no links."""
    fenced = False
    for number, line in enumerate(file.lines, start=1):
        if line.startswith("```"):
            fenced = not fenced
        if fenced:
            continue
        for target in LINK.findall(line):
            if "://" not in target and not exists(target):
                yield f"{file.path}:{number}: {target} does not exist"
