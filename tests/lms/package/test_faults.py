"""An invalid package is refused as a whole, and each fault is named with its file, line and reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from lms.package.faults import Fault, InvalidPackage
from lms.package.loader import validate
from lms.package.reader import read_package
from tests.lms.package.folders import change, small

QUESTIONS = "questions/basics/questions.yaml"
LESSON = "courses/first/one/pain.md"
MODULE = "courses/first/one/module.yaml"
CLAIMS = "knowledge/claims.yaml"


def faults_of(root: Path) -> list[Fault]:
    with pytest.raises(InvalidPackage) as caught:
        validate(read_package(root))
    return caught.value.faults


def test_a_whole_package_has_no_fault(tmp_path: Path) -> None:
    package = read_package(small(tmp_path))
    validate(package)
    assert {kind: len(rows) for kind, rows in package.entries.items()} == {
        "site": 1, "domain": 1, "source": 1, "claim": 1, "term": 1, "figure": 1, "bank": 1, "question": 1,
        "assessment": 1, "course": 1, "module": 1, "objective": 1, "lesson": 1, "agreement": 1, "path": 1,
    }  # fmt: skip


#: What is wrong -> (file, old text, new text, lines further down, a word of the reason).
FAULTS: dict[str, tuple[str, str, str, int, str]] = {
    "bad YAML": (CLAIMS, "  topic: pain", "  topic: [pain", 1, "YAML"),
    "a tab": (CLAIMS, "  topic: pain", "\ttopic: pain", 0, "YAML"),
    "the same key twice": (CLAIMS, "  standing: established", "  topic: history", 0, "twice"),
    "an unknown key": (CLAIMS, "  topic: pain", "  topic: pain\n  tpoic: pain", 1, "tpoic"),
    "a word that is none of the list": (CLAIMS, "standing: established", "standing: proven", 0, "standing"),
    "something missing": (CLAIMS, "  teaching: It is.\n", "", -4, "teaching"),
    "a claim without its source": (CLAIMS, "[S1]", "[S1, S9]", 0, "no source S9"),
    "a code with a blank": (CLAIMS, "code: C-1", "code: C 1", 0, "code"),
    "a question of no type": (QUESTIONS, "single_choice", "guessing", 0, "guessing"),
    "two keys in a single choice": (QUESTIONS, "key: false", "key: true", -2, "one choice"),
    "no key at all": (QUESTIONS, "key: true", "key: false", -1, "one choice"),
    "an objective that is none": (QUESTIONS, "objective: M1-1.1", "objective: M9-9.9", 0, "no objective M9-9.9"),
    "an enemy that is none": (QUESTIONS, "  stem:", "  enemies: [Q-9]\n  stem:", 0, "no question Q-9"),
    "an unknown scoring rule": (QUESTIONS, "  stem:", "  scoring: generous\n  stem:", 0, "scoring"),
    "a lesson block that is none": (LESSON, ":::claim {code: C-1}", ":::clam {code: C-1}", 0, "no block “clam”"),
    "a block that is not closed": (LESSON, ":::check {assessment: m1-1-check}\n:::\n", ":::check {assessment: x}\n", 0,
                                   "not closed"),
    "a stray option": (LESSON, "{kind: caution,", "{kind: caution, colour: red,", 0, "colour"),
    "an option missing": (LESSON, "{code: C-1}", "{}", 0, "code"),
    "a callout of no kind": (LESSON, "kind: caution", "kind: shouting", 0, "callout"),
    "an empty callout": (LESSON, "Ask first.\n", "", -1, "empty"),
    "a claim in a lesson that is none": (LESSON, "code: C-1", "code: C-9", 0, "no claim C-9"),
    "a check that is none": (LESSON, "assessment: m1-1-check", "assessment: m9-check", 0, "no assessment m9-check"),
    "two checks in a lesson": (LESSON, ":::claim {code: C-1}", ":::check {assessment: m1-1-check}", -2,
                               "one knowledge check"),
    "a lesson of no minutes": (LESSON, "minutes: 10", "minutes: 0", 0, "minutes"),
    "front matter without an end": (LESSON, "sources: [S1]\n---\n", "sources: [S1]\n", -8, "front matter"),
    "a lesson that is not there": (MODULE, "[pain]", "[pain, gone]", 0, "gone.md is missing"),
    "a module before itself": (MODULE, "position: 1", "position: 1\nprerequisites: [M9]", 1, "no module M9"),
    "a course of modules that are none": ("courses/first/course.yaml", "[M1]", "[M1, M9]", 0, "no module M9"),
    "a format of the future": ("package.yaml", "format: 1", "format: 2", 0, "format"),
    "an assessment of questions that are none": ("assessments/m1-1-check.yaml", "[Q-1]", "[Q-1, Q-9]", 0,
                                                 "no question Q-9"),
    "items and a draw": ("assessments/m1-1-check.yaml", "items: [Q-1]",
                         "items: [Q-1]\ndraw: {bank: basics, rules: [{count: 1}]}", -5, "either items, a draw"),
    "a draw from a bank that is none": ("assessments/m1-1-check.yaml", "items: [Q-1]",
                                        "draw: {bank: nowhere, rules: [{count: 1}]}", 0, "no bank nowhere"),
    "a path to a course that is none": ("paths/basic.yaml", "course: K1", "course: K9", 0, "no course K9"),
    "a path to a text that is none": ("paths/basic.yaml", "attestation: promise", "attestation: oath", 0,
                                      "no agreement oath"),
    "a table with uneven rows": ("knowledge/figures.yaml", "[left, right]", "[left]", 0, "cells"),
    "a course that asks for itself": ("courses/first/course.yaml", "modules: [M1]",
                                      "prerequisites: [K1]\nmodules: [M1]", 0, "comes first"),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_named_with_file_line_and_reason(name: str, tmp_path: Path) -> None:
    file, old, new, shift, word = FAULTS[name]
    line = change(small(tmp_path), file, old, new) + shift
    # What was refused is missing elsewhere too, which makes further faults.
    found = [fault for fault in faults_of(tmp_path) if (fault.file, fault.line) == (file, line)]
    assert found, faults_of(tmp_path)
    assert word in found[0].reason
    assert str(found[0]) == f"{file}:{line}: {found[0].reason}"


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ("<path", "<script>alert(1)</script><path", "script"),
        ("<path", '<path onclick="x"', "onclick"),
        ("</svg>", "", "well-formed"),
        ("<path", '<use href="https://evil.example/#a"/><path', "inside the drawing"),
    ],
)
def test_an_unsafe_drawing_is_refused(old: str, new: str, word: str, tmp_path: Path) -> None:
    change(small(tmp_path), "knowledge/figures/F-1.svg", old, new)
    [fault] = faults_of(tmp_path)
    assert (fault.file, fault.line) == ("knowledge/figures.yaml", 1)
    assert word in fault.reason


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://evil.example/v", "ftp://vimeo.com/1"])
def test_a_video_from_anywhere_is_refused(url: str, tmp_path: Path) -> None:
    block = f":::video {{title: V, url: '{url}'}}\nWords.\n:::\n\n:::check"
    line = change(small(tmp_path), LESSON, ":::check", block)
    [fault] = faults_of(tmp_path)
    assert (fault.file, fault.line) == (LESSON, line)
    assert "YouTube or Vimeo" in fault.reason


def test_all_faults_are_told_at_once_in_order(tmp_path: Path) -> None:
    small(tmp_path)
    change(tmp_path, CLAIMS, "topic: pain", "topic: weather")
    change(tmp_path, CLAIMS, "standing: established", "standing: proven")
    change(tmp_path, "package.yaml", "format: 1", "format: 2")
    change(tmp_path, LESSON, "minutes: 10", "minutes: many")
    found = faults_of(tmp_path)
    assert {fault.file for fault in found} >= {CLAIMS, "package.yaml", LESSON}
    assert [fault.line for fault in found if fault.file == CLAIMS] == [2, 4]
    assert found == sorted(found)


@pytest.mark.parametrize(
    ("gone", "file", "word"),
    [
        ("package.yaml", "package.yaml", "no package"),
        ("questions/basics/bank.yaml", "questions/basics", "bank.yaml"),
        ("courses/first/course.yaml", "courses/first", "course.yaml"),
        ("courses/first/one/module.yaml", "courses/first/one", "module.yaml"),
        ("courses/first/one/pain.md", MODULE, "pain.md is missing"),
        ("knowledge/figures/F-1.svg", "knowledge/figures.yaml", "F-1.svg is missing"),
    ],
)
def test_a_missing_file_is_named(gone: str, file: str, word: str, tmp_path: Path) -> None:
    (small(tmp_path) / gone).unlink()
    found = faults_of(tmp_path)
    assert any(fault.file == file and word in fault.reason for fault in found), found


def test_a_lesson_that_the_module_does_not_list_is_a_fault(tmp_path: Path) -> None:
    (small(tmp_path) / "courses/first/one/stray.md").write_text("---\ncode: X\n---\nWords.\n")
    assert any("stray.md is not in the list" in fault.reason for fault in faults_of(tmp_path))


def test_a_code_may_stand_once(tmp_path: Path) -> None:
    small(tmp_path)
    (tmp_path / "questions/basics/more.yaml").write_text((tmp_path / QUESTIONS).read_text())
    [fault] = faults_of(tmp_path)
    assert "Q-1 is there already" in fault.reason


def test_a_file_that_is_no_text_is_a_fault(tmp_path: Path) -> None:
    (small(tmp_path) / CLAIMS).write_bytes(b"\xff\xfe\x00broken")
    assert any(fault.file == CLAIMS for fault in faults_of(tmp_path))


def test_no_tag_of_yaml_makes_an_object(tmp_path: Path) -> None:
    change(small(tmp_path), CLAIMS, "Pain is real.", "!!python/object/apply:os.system ['true']")
    assert any(fault.file == CLAIMS for fault in faults_of(tmp_path))
