"""What somebody of the demonstration has written, by the code of the question: good in part, for others to mark."""

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
