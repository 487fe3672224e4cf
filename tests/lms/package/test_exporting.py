"""Export and load are each other's reverse; confidential items stay unless asked for."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from lms.package.exporter import export_package
from lms.package.loader import SECTIONS, entries_of, load_package
from lms.package.pictures import find_pictures
from lms.package.reader import read_package
from quizzes.api import Bank, Question
from quizzes.bank.models import BankAccess
from tests.lms.package.folders import contents

pytestmark = pytest.mark.django_db

#: Said in a package for its readers; where a check or quiz belongs follows from the lesson and the module.
NOT_STORED = {"lesson", "module"}
CODES = {"sources", "claims", "safety_notes", "objectives", "enemies", "prerequisites"}


def entries(root: Path) -> dict[str, dict[str, Any]]:
    """What a package says, without the order of codes that have none."""
    package = read_package(root)
    find_pictures(package)  # names their files by content, as an export does
    said = {}
    for section in SECTIONS:
        rows = entries_of(package, section)
        for entry in rows.values():
            for name in CODES & set(entry):
                entry[name] = sorted(entry[name])
            if section.kind == "assessment":
                for name in NOT_STORED:
                    entry.pop(name)
        said[section.kind] = dict(sorted(rows.items()))
    return said


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    export_package(tmp_path / "export", include_exam=True)
    return tmp_path / "export"


def test_the_export_says_what_the_package_said(exported: Path) -> None:
    assert entries(exported) == entries(settings.SHIPPED_CURRICULUM)


def test_a_second_export_after_a_forced_load_is_the_same_to_the_byte(exported: Path, tmp_path: Path) -> None:
    load_package(exported, force=True)
    export_package(tmp_path / "again", include_exam=True)
    assert contents(tmp_path / "again") == contents(exported)
    assert load_package(exported).changes == 0


SCRIPT = """
import django, sys
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("load_curriculum", sys.argv[1])
call_command("export_curriculum", sys.argv[2], "--include-exam")
call_command("load_curriculum", sys.argv[2])
"""


def test_an_empty_school_that_loads_the_export_exports_the_same(exported: Path, tmp_path: Path) -> None:
    """A process of its own, with a database of its own."""
    if connection.vendor != "sqlite":
        pytest.skip("The other database is always an embedded one: once is enough.")
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "lms.settings.test",
        "DATABASE_URL": "sqlite://:memory:",
        "LOCAL_DIR": str(tmp_path / "local"),
    }
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", SCRIPT, str(exported), str(tmp_path / "other")],
        cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    assert contents(tmp_path / "other") == contents(exported)
    assert "\n0 changes" in done.stdout


# Confidential items -------------------------------------------------------------------------------------------


@pytest.fixture
def open_export(tmp_path: Path) -> tuple[Path, list[str]]:
    _count, left_out = export_package(tmp_path / "open")
    return tmp_path / "open", left_out


def test_without_the_option_no_exam_item_leaves(open_export: tuple[Path, list[str]]) -> None:
    root, left_out = open_export
    files = contents(root)
    text = b"\n".join(content for name, content in files.items() if not name.endswith(".png")).decode()
    hidden = Question.objects.filter(bank__purpose__in=["exam", "mock"])
    assert hidden.count() > 20
    assert [row.code for row in hidden if row.code in text] == []
    package = read_package(root)
    assert set(package.of("bank")) == set(Bank.objects.filter(purpose="teaching").values_list("code", flat=True))
    # What needs them stays behind as well, and the rest is a whole package.
    assert "foundations-exam" not in package.of("assessment")
    assert "path" not in package.entries
    assert left_out == ["bank foundations-exam", "assessment foundations-exam", "path foundations"]
    assert set(package.of("lesson")) == set(entries(settings.SHIPPED_CURRICULUM)["lesson"])


def test_a_path_without_an_exam_leaves_with_the_rest(tmp_path: Path) -> None:
    from tests.lms.certification.builders import foundations

    path = foundations()
    path.requirements = [("course", {"course": "C1"})]
    path.save_revision().publish()
    export_package(tmp_path)
    assert list(read_package(tmp_path).of("path")) == ["foundations"]


def test_what_is_taken_out_is_written_down(tmp_path: Path) -> None:
    call_command("export_curriculum", str(tmp_path / "open"), verbosity=0)
    assert not BankAccess.objects.exists()
    call_command("export_curriculum", str(tmp_path / "all"), "--include-exam", verbosity=0)
    look = BankAccess.objects.get()
    assert (look.bank.code, look.action) == ("foundations-exam", "exported")


def test_the_command_says_what_it_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("export_curriculum", str(tmp_path / "open"))
    out = capsys.readouterr().out
    assert "left out: bank foundations-exam" in out
    assert f"{len(contents(tmp_path / 'open'))} files written" in out


def test_it_never_writes_into_a_folder_that_holds_something(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("mine")
    with pytest.raises(CommandError, match="not empty"):
        call_command("export_curriculum", str(tmp_path))
    assert contents(tmp_path) == {"note.txt": b"mine"}


def test_what_was_edited_here_leaves_as_it_is_now(tmp_path: Path) -> None:
    question = Question.objects.get(code="Q-ORI-01")
    question.stem = "<p>Asked in <i>our own</i> words: is 2 * 3 right?</p>"
    question.save_revision().publish()
    export_package(tmp_path)
    assert read_package(tmp_path).of("question")["Q-ORI-01"].stem == "Asked in *our own* words: is 2 \\* 3 right?"
