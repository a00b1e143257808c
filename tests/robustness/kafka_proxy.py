"""Stands between clients and a broker, passes requests and answers on, and can spoil one now and then."""

import random
import socket
import struct
import threading
import time

END_TXN = 26


class Spoiler:
    """What happens to an EndTxn. `choose()` says which of KINDS the next one meets, or nothing."""

    KINDS = ("drop_answer", "drop_request", "late_request", "late_answer", "half_close")

    def __init__(self, seed, kinds, every):
        self.random = random.Random(seed)
        self.kinds = kinds
        self.every = every  # one in so many, on average
        self.lock = threading.Lock()  # guards what follows
        self.active = False
        self.counts = dict.fromkeys(kinds, 0)

    def choose(self):
        with self.lock:
            if not self.active or self.random.random() * self.every >= 1:
                return None
            kind = self.random.choice(self.kinds)
            self.counts[kind] += 1
            return kind

    def pause_length(self):
        with self.lock:
            return self.random.uniform(0.5, 6)


def read_exactly(connection, size):
    data = b""
    while len(data) < size:
        part = connection.recv(size - len(data))
        if not part:
            raise ConnectionError("closed")
        data += part
    return data


def read_frame(connection):
    head = read_exactly(connection, 4)
    return head + read_exactly(connection, struct.unpack(">i", head)[0])


def shut(connection, how=socket.SHUT_RDWR):
    try:
        connection.shutdown(how)
    except OSError:
        pass  # it was closed by the other side


class Passage:
    """One connection of a client, and the one to the broker that belongs to it."""

    def __init__(self, client, broker_address, spoiler):
        self.client = client
        self.broker = socket.create_connection(broker_address, timeout=10)
        for connection in (self.client, self.broker):
            connection.settimeout(None)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.spoiler = spoiler
        self.lock = threading.Lock()  # guards awaited
        self.awaited = {}  # correlation id -> what happens to the answer
        for work in (self._requests, self._answers):
            threading.Thread(target=self._run, args=(work,), daemon=True).start()

    def _run(self, work):
        try:
            work()
        except OSError:
            pass  # one side has gone; the other one goes as well
        shut(self.client)
        if work == self._requests:
            return  # what is on its way to the broker still gets there
        self.client.close()
        self.broker.close()

    def _requests(self):
        while True:
            try:
                frame = read_frame(self.client)
            except OSError:
                shut(self.broker, socket.SHUT_WR)
                return
            api, _, correlation = struct.unpack_from(">hhi", frame, 4)
            kind = self.spoiler.choose() if api == END_TXN else None
            if kind == "drop_request":
                shut(self.client)
                shut(self.broker)
                return
            if kind == "late_request":
                # The client is told at once that its connection is gone, the broker gets the request later.
                shut(self.client)
                time.sleep(self.spoiler.pause_length())
            elif kind is not None:
                with self.lock:
                    self.awaited[correlation] = kind
            self.broker.sendall(frame)

    def _answers(self):
        while True:
            frame = read_frame(self.broker)
            (correlation,) = struct.unpack_from(">i", frame, 4)
            with self.lock:
                kind = self.awaited.pop(correlation, None)
            if kind == "drop_answer":
                return
            if kind == "half_close":
                shut(self.client, socket.SHUT_WR)
                time.sleep(self.spoiler.pause_length())
                return
            if kind == "late_answer":
                time.sleep(self.spoiler.pause_length())
            self.client.sendall(frame)


class KafkaProxy:
    """Listens on a port of its own until the process ends. `address` is that of the broker, once it is known."""

    def __init__(self, spoiler):
        self.spoiler = spoiler
        self.broker_address = None
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            client, _ = self.listener.accept()
            try:
                Passage(client, self.broker_address, self.spoiler)
            except OSError:
                client.close()
