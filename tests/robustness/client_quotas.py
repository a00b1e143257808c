"""Sets quotas that hold for every client without one of its own: AlterClientQuotas v0 over a socket."""

import struct

from topic_settings import text
from transactions import ask

ALTER_CLIENT_QUOTAS = 49


def set_default_quotas(bootstrap, quotas):
    """`quotas` by name, such as producer_byte_rate; the others stay what they are."""
    host, port = bootstrap.split(",")[0].rsplit(":", 1)
    any_client = struct.pack(">i", 1) + text("client-id") + struct.pack(">h", -1)
    body = struct.pack(">i", 1) + any_client + struct.pack(">i", len(quotas))
    for name, value in quotas.items():
        body += text(name) + struct.pack(">d?", value, False)
    answer = ask((host, int(port)), ALTER_CLIENT_QUOTAS, 0, body + b"\0", flexible=False)
    answer.take("i")  # throttled for
    answer.take("i")  # one entity
    error = answer.take("h")
    if error != 0:
        raise RuntimeError(f"quotas {quotas}: error {error}: {answer.nullable_text()}")
