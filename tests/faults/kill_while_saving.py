"""Kill the servers in the middle of 64 students saving: nothing acknowledged may be missing, nothing doubled.

`python -m tests.faults.kill_while_saving`; the last of the rounds kills PostgreSQL too. See README.md.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import psycopg

from tests.bench import students as do
from tests.bench.client import LOST, Journey, Reply, run
from tests.bench.school import ITEMS, QUIZ
from tests.bench.server import Instance, Server, instance, say, serve
from tests.bench.students import Student

STUDENTS = 64
LETTERS = "abcd"
STORED = """
    SELECT item.slot, response.sequence, response.client_key, response.data, item.arrangement, response.counted
    FROM quizzes_response AS response
    JOIN quizzes_attemptitem AS item ON item.id = response.item_id
    JOIN quizzes_attempt AS attempt ON attempt.id = item.attempt_id
    WHERE attempt.uuid = %s ORDER BY item.slot, response.sequence
"""


@dataclass(frozen=True)
class Answer:
    """An answer as it was sent: the revision is the one it would become."""

    slot: int
    revision: int
    choice: str
    key: str


@dataclass
class Notes:
    """What one student knows: the answers that were acknowledged, and the one whose fate is unknown."""

    student: Student
    attempt: str = ""
    acknowledged: list[Answer] = field(default_factory=list)
    unknown: Answer | None = None
    refused: list[str] = field(default_factory=list)

    def revision(self, slot: int) -> int:
        """The last acknowledged revision at a slot."""
        return max((answer.revision for answer in self.acknowledged if answer.slot == slot), default=0)


def begin(notes: Notes) -> Journey:
    """Start the attempt."""
    reply = yield do.start(notes.student, QUIZ).wire
    notes.attempt = do.attempt_of(reply.header("location"))
    if not notes.attempt:
        raise RuntimeError(f"No attempt: {reply.status} {reply.body[:500]!r}")


def send(notes: Notes, answer: Answer) -> bytes:
    """The request that saves an answer, as the page's script sends it."""
    return do.save(
        notes.student, notes.attempt, answer.slot, answer.choice, answer.key, answer.revision - 1
    ).wire  # fmt: skip


def take(notes: Notes, answer: Answer, reply: Reply) -> bool:
    """Note what the server said. False when it said nothing that could be relied on."""
    if reply.status == LOST or reply.status >= 500:
        notes.unknown = answer
        return False
    if reply.status == 200 and json.loads(reply.body)["revision"] == answer.revision:
        notes.acknowledged.append(answer)
    else:
        notes.refused.append(f"{answer}: {reply.status} {reply.body[:300]!r}")
    return True


def keep_saving(notes: Notes, rng: random.Random) -> Journey:
    """Answer questions in any order, again and again, until the server is gone."""
    while True:
        slot = rng.randint(1, ITEMS)
        answer = Answer(slot, notes.revision(slot) + 1, rng.choice(LETTERS), rng.randbytes(8).hex())
        reply = yield send(notes, answer)
        if not take(notes, answer, reply):
            return


def send_again(notes: Notes) -> Journey:
    """What a page does when the server is back: the answer without a fate goes out again under its own key."""
    if notes.unknown is not None:
        answer, notes.unknown = notes.unknown, None
        take(notes, answer, (yield send(notes, answer)))


def read(notes: Notes, faults: list[str]) -> Journey:
    """Ask the API for every answer and compare it with the last one that was acknowledged."""
    reply = yield do.attempt_by_api(notes.student, notes.attempt).wire
    if reply.status != 200:
        faults.append(f"{notes.attempt}: the API says {reply.status}")
        return
    last = {answer.slot: answer for answer in notes.acknowledged}
    for item in json.loads(reply.body)["items"]:
        said, known = item["response"], last.get(item["slot"])
        told = (said["revision"], said["answer"]["choice"]) if said else None
        expected = (known.revision, known.choice) if known else None
        may_be = (notes.unknown.revision, notes.unknown.choice) if notes.unknown else None
        if told != expected and not (notes.unknown and item["slot"] == notes.unknown.slot and told == may_be):
            faults.append(f"{notes.attempt}/{item['slot']}: the API tells {told}, acknowledged was {expected}")


def compare(database: str, all_notes: Sequence[Notes]) -> list[str]:
    """Every fault between what was acknowledged and what the database holds."""
    faults: list[str] = []
    with psycopg.connect(database) as connection:
        for notes in all_notes:
            faults += _compare_one(notes, connection.execute(STORED, [notes.attempt]).fetchall())
    return faults


def _compare_one(notes: Notes, rows: Sequence[tuple]) -> list[str]:
    faults = [f"{notes.attempt}: {words}" for words in notes.refused]
    stored = {
        Answer(slot, sequence, LETTERS[arrangement["choices"].index(data["choice"])], key)
        for slot, sequence, key, data, arrangement, _counted in rows
    }
    faults += [f"{notes.attempt}: MISSING {answer}" for answer in set(notes.acknowledged) - stored]
    extra = stored - set(notes.acknowledged) - {notes.unknown}
    faults += [f"{notes.attempt}: nobody was told of {answer}" for answer in extra]
    keys = Counter(row[2] for row in rows)
    faults += [f"{notes.attempt}: DOUBLED key {key}" for key, times in keys.items() if times > 1]
    places = Counter((row[0], row[1]) for row in rows)
    faults += [f"{notes.attempt}: DOUBLED revision {place}" for place, times in places.items() if times > 1]
    faults += [f"{notes.attempt}/{row[0]}: revision {row[1]} does not count" for row in rows if not row[5]]
    return faults


def kill(here: Instance, server: Server, with_database: bool) -> None:
    """No process gets the chance to say or write another word."""
    if with_database:
        here.cluster.kill()
    server.kill()


def one_round(here: Instance, people: Sequence[Student], rng: random.Random, with_database: bool) -> list[str]:
    """Save, kill, start again, compare; gives the faults."""
    all_notes = [Notes(student) for student in people]
    with serve(here) as server:
        run(server.port, [begin(notes) for notes in all_notes])
        timer = threading.Timer(rng.uniform(1.0, 2.5), kill, [here, server, with_database])
        timer.start()
        run(server.port, [keep_saving(notes, rng) for notes in all_notes])
        timer.join()
    if with_database:
        here.cluster.start()
    faults = compare(here.cluster.url, all_notes)
    unknown = sum(notes.unknown is not None for notes in all_notes)
    answers = sum(len(notes.acknowledged) for notes in all_notes)
    with serve(here) as server:
        run(server.port, [read(notes, faults) for notes in all_notes])
        run(server.port, [send_again(notes) for notes in all_notes])
        run(server.port, [read(notes, faults) for notes in all_notes])
    faults += compare(here.cluster.url, all_notes)
    if any(notes.unknown for notes in all_notes):
        faults.append("An answer that was sent again was not acknowledged.")
    what = "the server and PostgreSQL" if with_database else "the server"
    print(f"Killed {what}: {answers} answers acknowledged, {unknown} in flight and sent again, {len(faults)} faults")
    return faults


def main() -> int:
    """Several kills, each with students of its own."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.kill_while_saving", description=__doc__)
    parser.add_argument("--rounds", type=int, default=4, help="kills (default: 4)")
    parser.add_argument("--seed", type=int, default=None, help="repeat the choices of an earlier run")
    options = parser.parse_args()
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(10**6)
    rng = random.Random(seed)
    print(f"Seed {seed}")
    faults: list[str] = []
    with instance(STUDENTS * options.rounds) as here:
        for number in range(options.rounds):
            people = here.school.students[number * STUDENTS : (number + 1) * STUDENTS]
            faults += one_round(here, people, rng, with_database=number == options.rounds - 1)
        say("Working every score out again …")
        here.python("manage.py", "audit_scores")
    print("\n".join(faults[:50]) if faults else "No acknowledged answer is missing, and none is doubled.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
