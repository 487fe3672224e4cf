"""Students at work, so many at once, with blocks of the floor between the blocks of each action."""

from __future__ import annotations

import itertools
import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from tests.bench import students as do
from tests.bench.client import Journey, Reply, run
from tests.bench.students import Student

#: A student with the attempt that they began.
Begun = tuple[Student, str]
#: A request, the status that answers it, and what is done with the answer.
Call = tuple[bytes, int, Callable[[Reply], None] | None]
ACTIONS = ("start", "page", "save", "finish", "results")
LETTERS = "abcd"


@dataclass
class Block:
    """Calls of one kind, made one after the other on so many connections at once."""

    seconds: float = 0.0
    times: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Calls in a second."""
        return len(self.times) / self.seconds

    @property
    def median(self) -> float:
        """Median time of a call, in seconds."""
        return statistics.median(self.times)


@dataclass(frozen=True)
class Round:
    """One action between two blocks of the floor."""

    action: str
    block: Block
    before: Block
    after: Block

    def ratio(self, at_once: int) -> float:
        """How many times the floor it costs: by the median time of one alone, by the rate of many together."""
        if at_once == 1:
            return 2 * self.block.median / (self.before.median + self.after.median)
        return (self.before.rate + self.after.rate) / 2 / self.block.rate


def block(port: int, at_once: int, calls: Iterator[Call]) -> Block:
    """Make all calls; an answer with another status than the expected one ends the bench."""
    found = Block()

    def connection() -> Journey:
        for request, expected, take in calls:
            reply = yield request
            if reply.status != expected:
                line = request.split(b"\r\n", 1)[0].decode()
                raise RuntimeError(f"{line}: {reply.status} {reply.body[:500]!r}")
            found.times.append(reply.seconds)
            if take:
                take(reply)

    found.seconds = run(port, [connection() for _number in range(at_once)])
    return found


def _for(seconds: float, calls: Iterator[Call]) -> Iterator[Call]:
    end = time.perf_counter() + seconds
    return itertools.takewhile(lambda _call: time.perf_counter() < end, calls)


@dataclass
class Bench:
    """The two servers that are compared, and what is asked of them."""

    port: int
    floor_port: int
    quiz: str
    items: int
    seconds: float
    page_bytes: int = 0
    rng: random.Random = field(default_factory=lambda: random.Random(20))

    def floor(self, at_once: int) -> Block:
        """A block of the floor."""

        def calls() -> Iterator[Call]:
            while True:
                yield do.floor(self.rng.randint(1, do.FLOOR_ROWS)), 200, None

        return block(self.floor_port, at_once, _for(self.seconds, calls()))

    def round(self, at_once: int, people: Sequence[Student]) -> list[Round]:
        """Each of these students starts, looks, saves, finishes and sees the result once or more."""
        begun: list[Begun] = []
        floors = [self.floor(at_once)]
        rounds = []
        for action in ACTIONS:
            made = block(self.port, at_once, getattr(self, f"_{action}")(people, begun))
            floors.append(self.floor(at_once))
            rounds.append(Round(action, made, floors[-2], floors[-1]))
        return rounds

    def _start(self, people: Sequence[Student], begun: list[Begun]) -> Iterator[Call]:
        for student in people:
            yield (
                do.start(student, self.quiz).wire, 302,
                lambda reply, student=student: begun.append((student, do.attempt_of(reply.header("location")))),
            )  # fmt: skip

    def _page(self, _people: Sequence[Student], begun: list[Begun]) -> Iterator[Call]:
        def weigh(reply: Reply) -> None:
            self.page_bytes = max(self.page_bytes, len(reply.body))

        pages = itertools.cycle(itertools.product(range(1, self.items + 1), begun))
        return _for(self.seconds, ((do.question(*who, slot).wire, 200, weigh) for slot, who in pages))

    def _save(self, _people: Sequence[Student], begun: list[Begun]) -> Iterator[Call]:
        # Every question of every attempt once, so that there is something to grade.
        for slot, who in itertools.product(range(1, self.items + 1), begun):
            key = self.rng.randbytes(8).hex()
            yield do.save(*who, slot, self.rng.choice(LETTERS), key, 0).wire, 200, None

    def _finish(self, _people: Sequence[Student], begun: list[Begun]) -> Iterator[Call]:
        return ((do.finish(*who).wire, 302, None) for who in begun)

    def _results(self, _people: Sequence[Student], begun: list[Begun]) -> Iterator[Call]:
        return _for(self.seconds, ((do.result(*who).wire, 200, None) for who in itertools.cycle(begun)))


def warm_up(bench: Bench, people: Sequence[Student]) -> None:
    """Both workers have read their templates and caches before anything is measured."""
    seconds, bench.seconds = bench.seconds, min(bench.seconds, 0.5)
    bench.round(16, people)
    bench.seconds = seconds
