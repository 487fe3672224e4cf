"""What people of the demonstration have written."""

from typing import Any

#: By the code of the question: good in part, for others to mark.
WRITTEN = {
    "Q-MORE-11": (
        "Marek, the top of your right shoulder is quite tender, and I would like to press there with my thumb for a "
        "little while. It often eases the tightness for some days, though not for everybody. It can feel sore "
        "tomorrow.\n\nIf it gets too much, tell me and I stop at once. Are you all right with that?"
    ),
    "Q-MORE-12": (
        "NMT can ease long-lasting pain for a while in some people. How much differs from person to person, and it "
        "works well next to what your doctor has prescribed."
    ),
}

#: What was said of a course, by who completed it. Too few to be shown, as in any school that has just begun to ask.
EVALUATED: dict[tuple[str, str], dict[str, Any]] = {
    ("graduate@example.org", "C1"): {
        "answers": {"objectives": 5, "clarity": 4, "teaching": None, "use": 5, "claims": 5},
        "helped": "That every claim says how well it stands.",
        "change": "More pictures of the shoulder.",
    },
    ("applicant@example.org", "C1"): {
        "answers": {"objectives": 4, "clarity": 3, "teaching": None, "use": 4, "claims": 5},
        "helped": "The short quizzes after each lesson.",
        "change": "",
    },
}
