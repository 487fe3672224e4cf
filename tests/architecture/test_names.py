"""Names and sizes: constraints read as sentences, modules say what they are about, files stay readable."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models import TextChoices
from django.test import override_settings

from quizzes.checks import every_type_is_complete
from quizzes.types.registry import all_types

ROOT = Path(settings.BASE_DIR)
OURS = ("lms.", "quizzes.", "courses.")
SAYS_NOTHING = {"utils", "util", "helpers", "helper", "common", "misc", "tools", "lib"}
MOST_LINES = 400


def python_files() -> Iterator[Path]:
    for top in ("lms", "courses", "quizzes", "tests"):
        yield from (path for path in (ROOT / top).rglob("*.py") if "migrations" not in path.parts)


def constraint_names() -> list[str]:
    return [
        constraint.name
        for model in apps.get_models()
        if model.__module__.startswith(OURS)
        for constraint in model._meta.constraints
    ]


def test_constraints_are_named_as_sentences() -> None:
    poor = [name for name in constraint_names() if not re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+){2,}", name)]
    generated = [name for name in constraint_names() if re.search(r"_[0-9a-f]{8}(_uniq|_check|_idx)?$|%\(", name)]
    assert poor + generated == []


def test_constraint_names_are_unique_over_the_project_and_fit_postgresql() -> None:
    assert [name for name, count in Counter(constraint_names()).items() if count > 1] == []
    assert [name for name in constraint_names() if len(name) > 63] == []
    assert len(constraint_names()) > 30


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [str(path) for path in python_files() if {path.stem, *path.parts} & SAYS_NOTHING] == []


def test_no_python_file_is_longer_than_a_reader_can_hold() -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in python_files()}
    assert {name: count for name, count in lengths.items() if count > MOST_LINES} == {}


def test_every_question_type_has_its_template_rationale_and_test() -> None:
    assert every_type_is_complete() == []
    assert len(all_types()) >= 6


def test_no_template_or_test_waits_for_a_type_that_is_gone() -> None:
    slugs = {kind.slug for kind in all_types()}
    for folder in ("interactions", "rationale"):
        names = {path.stem for path in (ROOT / "templates" / "quizzes" / folder).glob("[!_]*.html")}
        assert names == slugs


def test_the_check_names_each_piece_that_a_type_lacks() -> None:
    nowhere = [{**settings.TEMPLATES[0], "DIRS": [], "APP_DIRS": False}]
    with override_settings(TEMPLATES=nowhere, BASE_DIR=ROOT / "lms"):
        complaints = " ".join(str(error.msg) for error in every_type_is_complete())
    for kind in all_types():
        assert f"quizzes/interactions/{kind.slug}.html" in complaints
        assert f"quizzes/rationale/{kind.slug}.html" in complaints


@pytest.mark.parametrize(
    "choices",
    sorted(
        {
            value
            for name in ("accounts", "certification", "knowledge")
            for value in vars(__import__(f"lms.{name}.enums", fromlist=["enums"])).values()
            if isinstance(value, type) and issubclass(value, TextChoices) and value is not TextChoices
        },
        key=lambda choices: choices.__name__,
    ),
    ids=lambda choices: choices.__name__,
)
def test_stored_words_are_plain_and_every_one_has_a_label(choices: type[TextChoices]) -> None:
    for value, label in choices.choices:
        assert re.fullmatch(r"[a-z0-9_]+", value)
        assert str(label).strip()


@pytest.mark.django_db
def test_every_stored_choice_fits_its_column() -> None:
    tight = [
        f"{model._meta.label}.{field.name}: {value}"
        for model in apps.get_models()
        if model.__module__.startswith(OURS)
        for field in model._meta.local_fields
        if field.choices and field.max_length
        for value, _label in field.flatchoices
        if len(str(value)) > field.max_length
    ]
    assert tight == []
