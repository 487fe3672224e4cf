"""Where the time of an action goes: a profile of each, on a live instance of its own.

`python -m tests.bench.profiles [ACTION ...]`, such as `save` or "start (API)"; all of them without a name.
"""

from __future__ import annotations

import cProfile
import json
import pstats
import subprocess
import sys

from tests.bench.inside import actions, application, ask, students_from_input

CALLS, WARM_UP, LINES = 100, 5, 45


def main() -> None:
    """Profile the actions named by the parent process."""
    people, given = students_from_input()
    platform = application()
    for name, action in actions(platform, people, given["quiz"], given["items"]).items():
        if given["names"] and name not in given["names"]:
            continue
        for _call in range(WARM_UP):
            ask(platform, action.prepare(), action.expected)
        profile = cProfile.Profile()
        for _call in range(CALLS):
            request = action.prepare()
            profile.enable()
            ask(platform, request, action.expected)
            profile.disable()
        print(f"\n{'=' * 100}\n{name}: {CALLS} calls\n{'=' * 100}")
        for order in ("cumulative", "tottime"):
            pstats.Stats(profile, stream=sys.stdout).strip_dirs().sort_stats(order).print_stats(LINES)


def start() -> None:
    """Set up an instance and profile in a process of its environment."""
    from tests.bench.school import ITEMS, QUIZ
    from tests.bench.server import ROOT, instance

    with instance(students=8 * (CALLS + WARM_UP + 4)) as here:
        given = {
            "students": [vars(student) for student in here.school.students],
            "names": sys.argv[1:], "quiz": QUIZ, "items": ITEMS,
        }  # fmt: skip
        subprocess.run(
            [sys.executable, "-c", "from tests.bench.profiles import main; main()"],
            cwd=ROOT, env=here.environment, input=json.dumps(given), text=True, check=True,
        )  # fmt: skip


if __name__ == "__main__":
    start()
