"""Notices when a note would tell who a client is. Pure.

A rule of thumb, not a proof: it refuses what names people, dates of birth and ways to reach somebody look like, and
says what it found, so that the writer can take it out.
"""

from __future__ import annotations

import re

_TITLE = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Sir|Madam|Mister)\.?\s+[A-Z][\w'’-]+")
_NAMED = re.compile(
    r"\b(?i:named|called|name is|name was|(?:client|patient|husband|wife|son|daughter|mother|father))\s+"
    r"([A-Z][a-z][\w'’-]+(?:\s+[A-Z][a-z][\w'’-]+)*)"
)
_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_PHONE = re.compile(r"(?<![\w.])\+?\(?\d[\d\s().\-/]{7,}\d(?!\w)")
_BIRTH = re.compile(
    r"\b(?:(?i:born|dob|d\.o\.b\.|date of birth)\b.{0,20}\d"
    r"|\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d{2}\b|(?:19|20)\d{2}-\d{2}-\d{2}\b)"
)
_PAIR = re.compile(r"(?<=[\w,;:)] )([A-Z][a-z]{2,})\s+([A-Z][a-z]{2,})\b")
#: Words with a capital that are no names of clients: eponyms, days, months, terms of the trade.
_TERMS = frozenset(
    [
        "Trigger",
        "Point",
        "Positional",
        "Release",
        "Pressure",
        "Soap",
        "Note",
        "Spray",
        "Stretch",
        "Range",
        "Motion",
        "Low",
        "Back",
        "Visual",
        "Analogue",
        "Scale",
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
        "Emergency",
        "Same",
        "Day",
        "Refer",
        "Defer",
        "Local",
        "Clear",
        "Spurling",
        "Slump",
        "Straight",
        "Leg",
        "Raise",
        "Travell",
        "Simons",
        "Lief",
        "Jones",
        "Prudden",
        "Kellgren",
        "Thomas",
        "Ober",
        "Phalen",
        "Tinel",
        "Adson",
        "Roos",
        "Neer",
        "Hawkins",
        "Kennedy",
        "Patrick",
        "Faber",
        "North",
        "South",
        "East",
        "West",
        "American",
        "British",
        "European",
        "English",
        "Spanish",
        "French",
        "German",
        "Neuromuscular",
        "Therapy",
    ]
)


def identifying(text: str) -> list[str]:
    """The pieces of a text that look as if they told who somebody is, in order; none is good."""
    found = [match.group() for pattern in (_TITLE, _MAIL, _PHONE, _BIRTH) for match in pattern.finditer(text)]
    found += [match.group(1) for match in _NAMED.finditer(text) if match.group(1).split()[0] not in _TERMS]
    found += [match.group() for match in _PAIR.finditer(text) if not {match.group(1), match.group(2)} & _TERMS]
    return sorted(set(found), key=text.find)
