"""A practical examination for the journeys: `python -m tests.e2e.at_the_table publish CODE`, and who has signed what.

publish CODE    six stations of three lines each, offered
state CODE      state of each attempt, then each sign-off: station, points, seconds between the table and the server
"""

from __future__ import annotations

import sys

import django


def main(action: str, code: str) -> None:
    """Do it."""
    django.setup()
    from lms.practicals.api import PracticalAttempt, standing_of_attempt
    from tests.lms.practicals.builders import published

    if action == "publish":
        print(published(code).code)
        return
    for attempt in PracticalAttempt.objects.filter(practical__code=code).order_by("pk"):
        print("attempt", standing_of_attempt(attempt).state)
        for row in attempt.sign_offs.order_by("pk"):
            late = int((row.recorded_at - row.observed_at).total_seconds())
            print(row.station, row.points, late, row.seconds)


if __name__ == "__main__":
    main(*sys.argv[1:])
