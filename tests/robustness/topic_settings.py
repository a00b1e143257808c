"""Changes settings of a topic while it is in use: IncrementalAlterConfigs v0 over a socket."""

import struct

from transactions import ask

INCREMENTAL_ALTER_CONFIGS = 44
TOPIC = 2
SET = 0


def text(value):
    data = value.encode()
    return struct.pack(">h", len(data)) + data


def set_topic(bootstrap, topic, settings):
    """`settings` by name; the others stay what they are."""
    host, port = bootstrap.split(",")[0].rsplit(":", 1)
    body = struct.pack(">ib", 1, TOPIC) + text(topic) + struct.pack(">i", len(settings))
    for name, value in settings.items():
        body += text(name) + struct.pack(">b", SET) + text(value)
    answer = ask((host, int(port)), INCREMENTAL_ALTER_CONFIGS, 0, body + b"\0", flexible=False)
    answer.take("i")  # throttled for
    answer.take("i")  # one topic
    error = answer.take("h")
    if error != 0:
        raise RuntimeError(f"settings of {topic}: error {error}: {answer.nullable_text()}")
