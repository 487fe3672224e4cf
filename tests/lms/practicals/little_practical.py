"""What the little practical examination of the tests consists of; without Django, so that journeys may read it."""

CRITERIA = ("Asks for consent", "Names the finding", "Rechecks the baseline")
STATIONS = tuple(f"P{number}" for number in range(1, 7))
FAILS = ("Works without consent", "Drapes unsafely")
