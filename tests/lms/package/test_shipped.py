"""The shipped curriculum, which the database of the tests was loaded with: nothing of it gets lost on the way."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from courses.api import LessonPage
from lms.package.exporter import export_package
from lms.package.loader import load_package
from lms.package.models import LoadedObject
from lms.package.reader import read_package
from quizzes.api import Bank, Question
from tests.lms.package.folders import contents, entries

pytestmark = pytest.mark.django_db


def test_a_second_load_changes_nothing() -> None:
    report = load_package(settings.SHIPPED_CURRICULUM)
    assert (report.changes, report.kept) == (0, [])
    assert report.unchanged == LoadedObject.objects.count() > 500


def test_the_export_says_what_the_package_said(tmp_path: Path) -> None:
    export_package(tmp_path, include_exam=True)
    assert entries(tmp_path) == entries(settings.SHIPPED_CURRICULUM)


def test_without_the_option_no_exam_item_leaves(tmp_path: Path) -> None:
    _count, left_out = export_package(tmp_path)
    text = b"\n".join(content for name, content in contents(tmp_path).items() if not name.endswith(".png")).decode()
    hidden = Question.objects.filter(bank__purpose__in=["exam", "mock"])
    assert hidden.count() > 20
    assert [row.code for row in hidden if row.code in text] == []
    package = read_package(tmp_path)
    assert set(package.of("bank")) == set(Bank.objects.filter(purpose="teaching").values_list("code", flat=True))
    assert set(package.of("lesson")) == set(LessonPage.objects.live().values_list("code", flat=True))
    assert {"bank foundations-exam", "assessment foundations-exam", "path foundations"} <= set(left_out)
