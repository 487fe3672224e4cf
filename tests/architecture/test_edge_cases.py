"""The table of edge cases names tests that exist, for every case."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "tests" / "quizzes" / "README.md"


def _rows() -> list[tuple[int, str]]:
    found = re.findall(r"^\| (\d+) [^|]*\|[^|]*\|(.*)\|$|^\| (\d+) [^|]*\|(.*)$", TABLE.read_text(), re.MULTILINE)
    return [(int(first or second), names or rest) for first, names, second, rest in found]


def test_every_case_has_its_row() -> None:
    assert [number for number, _names in _rows()] == list(range(1, 36))


def test_every_test_that_is_named_exists() -> None:
    code = "\n".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
    code += "\n".join(path.read_text() for path in (ROOT / "tests" / "quizzes").rglob("contract.py"))
    defined = set(re.findall(r"def (test_\w+)\(", code))
    text = TABLE.read_text()
    named = set(re.findall(r"`(test_\w+)`", text))
    assert not named - defined
    assert not [path for path in re.findall(r"`(tests/[\w/]+\.py)`", text) if not (ROOT / path).exists()]


def test_every_case_names_a_test_or_a_script() -> None:
    assert not [number for number, names in _rows() if "test" not in names]
