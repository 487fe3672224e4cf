"""Contradictions and practical objectives: in a package and out of it."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from lms.knowledge.api import Contradiction, Objective
from lms.package.exporter import export_package
from lms.package.faults import InvalidPackage
from lms.package.loader import load_package
from lms.package.reader import read_package
from tests.lms.package.folders import change, small

FILE = "knowledge/contradictions.yaml"
TEXT = """\
- code: X1
  topic: pain
  title: Is it real?
  sides:
    - {who: One page, says: It is.}
    - {who: Another, says: It is not.}
  resolution: It is, **always**.
  claims: [C-1]
  lessons: [M1-1]
  table_title: Side by side
  table: [[Who, Says], [One page, It is]]
"""
RELOADING = pytest.mark.usefixtures("little")


def with_contradiction(root: Path) -> Path:
    (root / FILE).write_text(TEXT)
    return root


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("claims: [C-1]", "claims: [C-9]", r"contradictions.yaml:8: there is no claim C-9"),
        ("lessons: [M1-1]", "lessons: [M9-1]", r"contradictions.yaml:9: there is no lesson M9-1"),
        ("    - {who: Another, says: It is not.}\n", "", r"contradictions.yaml:4: sides: .*at least 2"),
        ("[One page, It is]]", "[One page]]", r"contradictions.yaml:11: table: .*as many cells"),
        ("topic: pain", "topic: weather", r"contradictions.yaml:2: topic"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, old: str, new: str, reason: str) -> None:
    change(with_contradiction(small(tmp_path)), FILE, old, new)
    with pytest.raises(InvalidPackage, match=reason):
        read_package(tmp_path)


@RELOADING
@pytest.mark.django_db
def test_a_contradiction_is_loaded_once_exported_and_retired(package: Path, tmp_path: Path) -> None:
    with_contradiction(package)
    assert load_package(package).created == ["contradiction X1"]
    assert load_package(package).changes == 0
    row = Contradiction.objects.get()
    assert [(side.who, side.says) for side in row.sides.all()] == [("One page", "It is."), ("Another", "It is not.")]
    assert row.resolution_html == "It is, <b>always</b>."
    assert [claim.code for claim in row.claims.all()] == ["C-1"]

    change(package, FILE, "says: It is not.", "says: It was not.")
    assert load_package(package).updated == ["contradiction X1"]
    assert Contradiction.objects.get().sides.count() == 2
    (package / FILE).unlink()
    assert load_package(package).retired == ["contradiction X1"]
    assert Contradiction.objects.get().is_retired


@RELOADING
@pytest.mark.django_db
def test_a_contradiction_leaves_as_it_came(package: Path, tmp_path: Path) -> None:
    load_package(with_contradiction(package))
    export_package(tmp_path / "out", include_exam=True)
    [said] = yaml.safe_load((tmp_path / "out" / FILE).read_text())
    assert {name: said[name] for name in yaml.safe_load(TEXT)[0]} == yaml.safe_load(TEXT)[0]
    assert "contradiction X1" not in load_package(tmp_path / "out", force=True).updated


@RELOADING
@pytest.mark.django_db
def test_an_objective_may_be_practical(package: Path, tmp_path: Path) -> None:
    module = "courses/first/one/module.yaml"
    line = change(package, module, "code: M1-1.1, domain: D1,", "code: M1-1.1, domain: D1, practical: true,")
    assert line > 0
    assert load_package(package).updated == ["objective M1-1.1"]
    assert list(Objective.objects.filter(is_practical=True).values_list("code", flat=True)) == ["M1-1.1"]
    assert load_package(package).changes == 0
    export_package(tmp_path / "out", include_exam=True)
    [rows] = [yaml.safe_load(file.read_text())["objectives"] for file in [tmp_path / "out" / module]]
    assert [row.get("practical", False) for row in rows if row["code"] == "M1-1.1"] == [True]
    assert all(row["code"] == "M1-1.1" or "practical" not in row for row in rows)
