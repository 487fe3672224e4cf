"""A load client that costs little: plain sockets with keep-alive in one thread, so that the server gets the processors.

A journey is a generator that yields requests as bytes and is sent a `Reply` for each. All journeys walk at once, each
on a connection of its own, and each waits for its answer before it goes on.
"""

from __future__ import annotations

import heapq
import re
import selectors
import socket
import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass

LOST = 0
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
CLOSES = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)
WITHOUT_BODY = frozenset({204, 304})


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back. `status` is `LOST` when the connection broke before the answer was complete."""

    status: int
    head: bytes
    body: bytes
    began: float
    seconds: float

    def header(self, name: str) -> str:
        """A header's value, or nothing."""
        found = re.search(rb"\r\n" + name.encode() + rb": *([^\r\n]*)", self.head, re.IGNORECASE)
        return found[1].decode("latin-1") if found else ""


Journey = Generator[bytes, Reply, None]


def _dechunk(data: bytes) -> bytes | None:
    """The body of a chunked answer, or None while a part of it is still under way."""
    parts, at = [], 0
    while (end := data.find(b"\r\n", at)) >= 0:
        size = int(data[at:end].split(b";")[0], 16)
        if len(data) < end + 2 + size + 2:
            return None
        if size == 0:
            return b"".join(parts)
        parts.append(data[end + 2 : end + 2 + size])
        at = end + 2 + size + 2
    return None


class _Walker:
    """A journey with its connection."""

    def __init__(self, port: int, journey: Journey) -> None:
        self.port = port
        self.journey = journey
        self.socket: socket.socket | None = None
        self.received = bytearray()
        self.began = 0.0

    def connect(self) -> None:
        self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def close(self) -> None:
        if self.socket is not None:
            self.socket.close()
            self.socket = None

    def send(self, request: bytes) -> bool:
        """Send a request, on a new connection if need be. False when nobody listens."""
        self.received.clear()
        self.began = time.perf_counter()
        try:
            if self.socket is None:
                self.connect()
            assert self.socket is not None
            self.socket.sendall(request)
        except OSError:
            self.close()
            return False
        return True

    def lost(self) -> Reply:
        return Reply(LOST, b"", b"", self.began, time.perf_counter() - self.began)

    def read(self) -> Reply | None:
        """Take what has come; the reply once it is whole."""
        assert self.socket is not None
        try:
            data = self.socket.recv(1 << 18)
        except OSError:
            data = b""
        if not data:
            self.close()
            return self.lost()
        self.received += data
        end = self.received.find(b"\r\n\r\n")
        if end < 0:
            return None
        head, rest = bytes(self.received[:end]), bytes(self.received[end + 4 :])
        status = int(head[9:12])
        if CHUNKED.search(head):
            body = _dechunk(rest)
            if body is None:
                return None
        else:
            length = LENGTH.search(head)
            expected = int(length[1]) if length and status not in WITHOUT_BODY else 0
            if len(rest) < expected:
                return None
            body = rest
        if CLOSES.search(head):
            self.close()
        return Reply(status, head, body, self.began, time.perf_counter() - self.began)


def run(port: int, journeys: Sequence[Journey], delays: Sequence[float] = (), patience: float = 120) -> float:
    """Walk all journeys to their end and give the seconds that took. `delays` says when each sets off.

    Connections stand before the first journey sets off. Raises `TimeoutError` when no answer comes for `patience`
    seconds.
    """
    walkers = [_Walker(port, journey) for journey in journeys]
    for walker in walkers:
        walker.connect()
    selector = selectors.DefaultSelector()
    began = time.perf_counter()
    waiting = [(began + (delays[place] if delays else 0), place) for place in range(len(walkers))]
    heapq.heapify(waiting)
    under_way = 0

    def step(walker: _Walker, reply: Reply | None) -> bool:
        """Send the journey's next request. False when it is over."""
        while True:
            try:
                request = next(walker.journey) if reply is None else walker.journey.send(reply)
            except StopIteration:
                walker.close()
                return False
            if walker.send(request):
                assert walker.socket is not None
                selector.register(walker.socket, selectors.EVENT_READ, walker)
                return True
            reply = walker.lost()

    try:
        while waiting or under_way:
            while waiting and waiting[0][0] <= time.perf_counter():
                under_way += step(walkers[heapq.heappop(waiting)[1]], None)
            pause = max(0.0, waiting[0][0] - time.perf_counter()) if waiting else patience
            ready = selector.select(pause) if under_way else ()
            if not under_way and waiting:
                time.sleep(pause)
            if under_way and not ready and not waiting:
                raise TimeoutError(f"{under_way} requests have had no answer for {patience:.0f} s")
            for key, _events in ready:
                walker: _Walker = key.data
                open_socket = walker.socket
                reply = walker.read()
                if reply is None:
                    continue
                assert open_socket is not None
                selector.unregister(key.fd)
                under_way -= 1
                under_way += step(walker, reply)
    finally:
        selector.close()
        for walker in walkers:
            walker.close()
    return time.perf_counter() - began
