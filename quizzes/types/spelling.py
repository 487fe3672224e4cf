"""How far two spellings are apart, in slips of the hand."""

from __future__ import annotations

MOST_LETTERS = 60


def slips_between(one: str, other: str, most: int) -> int:
    """The slips that turn one word into the other; `most` + 1 stands for any more than `most`.

    A slip is a letter left out, one too many, one wrong, or two neighbours swapped. This is the restricted
    Damerau-Levenshtein distance (optimal string alignment): no letter is touched twice.
    """
    if one == other:
        return 0
    too_many = most + 1
    if abs(len(one) - len(other)) > most or max(len(one), len(other)) > MOST_LETTERS:
        return too_many
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        line = [row]
        for column, against in enumerate(other, start=1):
            cost = min(last[column] + 1, line[column - 1] + 1, last[column - 1] + (letter != against))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == against:
                cost = min(cost, before[column - 2] + 1)
            line.append(cost)
        if min(line) > most:
            return too_many
        before, last = last, line
    return min(last[-1], too_many)
