"""A TCP proxy in front of a broker that does to the end of a transaction what networks do: the request to commit
(EndTxn) comes late, or its answer never comes. Everything else passes unchanged."""

import asyncio
import socket
import struct
import threading

from transactions import Answer

PRODUCE = 0
END_TXN = 26
# From this version on a request is in the encoding with tagged fields.
FLEXIBLE_FROM = {PRODUCE: 9, END_TXN: 3}

# The broker has the request, the client gets no answer and a connection that is reset.
ANSWER_LOST = "answer lost"
# The connection is reset before the broker has the request, which arrives in a later transaction.
LATE = "late"
# The broker has the request, and what it would say is cut off; the client could go on sending.
HALF_CLOSED = "half closed"
# The broker has the request, and its answer never comes; the connection stays.
UNANSWERED = "unanswered"


class Request:
    """What of a request tells whose it is."""

    def __init__(self, frame):
        text = Answer(frame[4:])
        self.api, self.version, self.correlation = text.take("h"), text.take("h"), text.take("i")
        self.transactional_id = None
        if self.api not in FLEXIBLE_FROM:
            return
        text.nullable_text()  # the client's id
        if self.version >= FLEXIBLE_FROM[self.api]:
            if text.varint() != 0:
                raise ValueError(f"request {self.api} has tagged fields in its header")
            size = text.varint() - 1
            self.transactional_id = text.text(size) if size >= 0 else None
        else:
            self.transactional_id = text.nullable_text()
        if self.api == END_TXN:
            # The producer id, and the epoch that fences.
            self.producer = (text.take("q"), text.take("h"))
            self.commits = text.take("b") != 0


def end_txn_error(request, answer):
    # Behind size, correlation id, tagged fields if there may be some, and throttle time.
    (error,) = struct.unpack_from(">h", answer, 13 if request.version >= FLEXIBLE_FROM[END_TXN] else 12)
    return error


class SpoiledEnd:
    """A request to commit a transaction that has been, or will be, spoiled."""

    def __init__(self, how, skip, writes):
        self.how = how
        self.skip = skip  # so many requests to commit pass before it
        self.writes = writes  # if late: the broker gets it when it has answered so many writes of what comes next
        self.writes_seen = 0
        self.request = None
        self.held = None  # while it is held back: its connection and its frame
        self.resolved = False  # the client asked again, and the broker said that it is done
        self.late_error = None  # what the broker says to a late one
        self.over = threading.Event()

    def __str__(self):
        if self.request is None:
            return self.how
        thread = self.request.transactional_id.rsplit("-", 1)[-1]
        which = f"{self.how}, EndTxn v{self.request.version} of thread {thread}, producer and epoch {self.request.producer}"
        late = f", held back for {self.writes} writes: error {self.late_error}"
        return which + (late if self.how == LATE else "")


class Connection:
    """One connection of a client, and the one to the broker that belongs to it."""

    def __init__(self, client, broker):
        self.client_reader, self.client_writer = client
        self.broker_reader, self.broker_writer = broker
        self.on_answer = {}  # by correlation id: what is done with the answer
        self.silent = False  # to the client
        self.outlives_client = False

    def reset_client(self):
        self.silent = True
        self.client_writer.transport.abort()

    def close(self):
        self.client_writer.close()
        self.broker_writer.close()


async def read_frame(reader):
    """A frame with its size in front; None at the end of the connection."""
    try:
        size = await reader.readexactly(4)
        return size + await reader.readexactly(struct.unpack(">i", size)[0])
    except (asyncio.IncompleteReadError, ConnectionError):
        return None


class EndTxnProxy:
    """`with` it. Runs on a thread of its own; `spoil` is called by one other thread."""

    def __init__(self, broker):
        self.broker = broker  # host and port
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.listener.getsockname()[1]}"
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.ending = asyncio.Event()
        self.end = None  # a SpoiledEnd; of the proxy's thread, like what follows
        self.carriers = set()
        self.failure = None

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.loop.call_soon_threadsafe(self.ending.set)
        self.thread.join()

    def spoil(self, how, skip, writes=0):
        """Spoils one of the next requests to commit, see SpoiledEnd. The one before must be over."""
        end = SpoiledEnd(how, skip, writes)
        self.loop.call_soon_threadsafe(setattr, self, "end", end)
        return end

    def check(self):
        if self.failure is not None:
            raise RuntimeError(f"the proxy failed: {self.failure!r}") from self.failure

    def _run(self):
        asyncio.set_event_loop(self.loop)
        self.loop.run_until_complete(self._serve())
        self.loop.close()

    async def _serve(self):
        server = await asyncio.start_server(self._accept, sock=self.listener)
        await self.ending.wait()
        server.close()
        for carrier in self.carriers:
            carrier.cancel()
        await asyncio.gather(*self.carriers, return_exceptions=True)

    def _accept(self, reader, writer):
        carrier = self.loop.create_task(self._carry(reader, writer))
        self.carriers.add(carrier)
        carrier.add_done_callback(self.carriers.discard)

    async def _carry(self, reader, writer):
        try:
            broker = await asyncio.open_connection(*self.broker)
        except ConnectionError:  # as the client would find it without us
            writer.close()
            return
        connection = Connection((reader, writer), broker)
        try:
            await asyncio.gather(self._carry_requests(connection), self._carry_answers(connection))
        except ConnectionError:
            pass
        except Exception as failure:  # of ours: the test is to know
            self.failure = failure
        finally:
            connection.close()

    async def _carry_requests(self, connection):
        while (frame := await read_frame(connection.client_reader)) is not None:
            request = Request(frame)
            if self._is_aimed_at(request):
                if self.end.how == LATE:
                    self._hold_back(connection, frame, request)
                    return
                self._silence(connection, request)
            else:
                self._watch(connection, request)
            connection.broker_writer.write(frame)
            await connection.broker_writer.drain()
        if not connection.outlives_client:
            connection.broker_writer.close()

    async def _carry_answers(self, connection):
        while (frame := await read_frame(connection.broker_reader)) is not None:
            (correlation,) = struct.unpack_from(">i", frame, 4)
            connection.on_answer.pop(correlation, lambda _: None)(frame)
            if not connection.silent:
                connection.client_writer.write(frame)
                await connection.client_writer.drain()
        connection.client_writer.close()

    def _is_aimed_at(self, request):
        if request.api != END_TXN or not request.commits or self.end is None or self.end.request is not None:
            return False
        if self.end.skip > 0:
            self.end.skip -= 1
            return False
        self.end.request = request
        return True

    def _silence(self, connection, request):
        if self.end.how == ANSWER_LOST:
            connection.on_answer[request.correlation] = lambda _: connection.reset_client()
            return
        connection.silent = True
        if self.end.how == HALF_CLOSED:
            connection.client_writer.write_eof()

    def _hold_back(self, connection, frame, request):
        end = self.end

        def answered(answer):
            end.late_error = end_txn_error(request, answer)
            end.over.set()
            connection.broker_writer.close()

        connection.outlives_client = True
        connection.on_answer[request.correlation] = answered
        connection.reset_client()
        end.held = (connection, frame)

    def _watch(self, connection, request):
        """Follows the transactional id whose end was spoiled."""
        end = self.end
        if end is None or end.request is None or request.transactional_id != end.request.transactional_id:
            return
        if request.api == END_TXN and not end.resolved:
            connection.on_answer[request.correlation] = lambda answer: self._end_answered(end, request, answer)
        elif request.api == PRODUCE and end.resolved and end.held is not None:
            connection.on_answer[request.correlation] = lambda _: self._write_answered(end)

    def _end_answered(self, end, request, answer):
        if end_txn_error(request, answer) != 0:
            return
        end.resolved = True
        if end.how != LATE:
            end.over.set()

    def _write_answered(self, end):
        end.writes_seen += 1
        if end.writes_seen >= end.writes and end.held is not None:
            (connection, frame), end.held = end.held, None
            connection.broker_writer.write(frame)
