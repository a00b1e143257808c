"""Asks a broker how a transaction stands: FindCoordinator v2 and DescribeTransactions v0 over a socket."""

import socket
import struct

FIND_COORDINATOR = 10
DESCRIBE_TRANSACTIONS = 65
TRANSACTION_COORDINATOR = 1
CLIENT_ID = b"robustness"


class Answer:
    """A response, read from front to back."""

    def __init__(self, data):
        self.data = data
        self.at = 0

    def take(self, layout):
        values = struct.unpack_from(">" + layout, self.data, self.at)
        self.at += struct.calcsize(">" + layout)
        return values[0]

    def text(self, size):
        self.at += size
        return self.data[self.at - size:self.at].decode()

    def nullable_text(self):
        size = self.take("h")
        return None if size < 0 else self.text(size)

    def varint(self):
        value, shift = 0, 0
        while True:
            byte = self.take("B")
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    def compact_text(self):
        return self.text(self.varint() - 1)


def compact_text(text):
    data = text.encode()
    assert len(data) < 127, text
    return bytes([len(data) + 1]) + data


def ask(address, api, version, body, flexible):
    header = struct.pack(">hhih", api, version, 1, len(CLIENT_ID)) + CLIENT_ID
    request = header + (b"\0" if flexible else b"") + body
    with socket.create_connection(address, timeout=10) as connection:
        connection.sendall(struct.pack(">i", len(request)) + request)
        with connection.makefile("rb") as stream:
            (size,) = struct.unpack(">i", stream.read(4))
            answer = Answer(stream.read(size))
    answer.take("i")  # correlation id
    if flexible:
        answer.varint()  # no tagged fields in the header
    return answer


def coordinator(address, transactional_id):
    name = transactional_id.encode()
    body = struct.pack(">h", len(name)) + name + struct.pack(">b", TRANSACTION_COORDINATOR)
    answer = ask(address, FIND_COORDINATOR, 2, body, flexible=False)
    answer.take("i")  # throttled for
    error = answer.take("h")
    answer.nullable_text()
    if error != 0:
        raise RuntimeError(f"no coordinator for {transactional_id}: error {error}")
    answer.take("i")  # node
    host = answer.nullable_text()
    return host, answer.take("i")


def transaction_state(bootstrap, transactional_id):
    """`Ongoing`, `PrepareCommit`, `CompleteCommit`, `Empty` ...; None if the broker does not know the id."""
    host, port = bootstrap.split(",")[0].rsplit(":", 1)
    node = coordinator((host, int(port)), transactional_id)
    body = bytes([2]) + compact_text(transactional_id) + b"\0"
    answer = ask(node, DESCRIBE_TRANSACTIONS, 0, body, flexible=True)
    answer.take("i")  # throttled for
    answer.varint()  # one transaction
    error = answer.take("h")
    answer.compact_text()
    return answer.compact_text() if error == 0 else None


def is_open(state):
    """True if records of the transaction are not decided for readers yet."""
    return state in ("Ongoing", "PrepareCommit", "PrepareAbort")
