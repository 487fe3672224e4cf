"""Body maps in a package: two files in, two files out, and every fault with its line."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from lms.knowledge.api import BodyMap, Muscle
from lms.package import located_yaml
from lms.package.exporter import export_package
from lms.package.faults import InvalidPackage
from lms.package.loader import load_package
from lms.package.map_schema import MuscleMapPart
from lms.package.maps import in_order, written
from lms.package.reader import read_package
from tests.lms.package.folders import change, small

MAPS, BODY = "knowledge/maps.yaml", "knowledge/body.svg"
RELOADING = pytest.mark.usefixtures("little")
VIEW = """\
<g data-view="front" data-size="380 785">
<g data-layer="silhouette"><path data-part="body" d="M9 9L90 9L90 90Z"/></g>
<g data-layer="lines"><path data-part="relief" d="M9 9L9 90"/></g>
<g data-layer="bones"><path data-bone="rib" d="M9 9L20 20Z"/></g>
<g data-layer="regions"><path data-region="head" d="M9 9L90 9L90 50Z"/><path data-region="foot" d="M9 9L9 90Z"/></g>
</g>
"""
FILES = {
    BODY: f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 380 785">\n{VIEW}</svg>\n',
    "knowledge/muscles.yaml": """\
- {code: MU-1, name: First muscle, complaint: Headache.}
- {code: MU-2, name: Second muscle}
""",
    "knowledge/safety_notes.yaml": """\
- {code: SF-1, section: endangerment, pattern: The front, decision: avoid, action: Keep away.}
""",
    MAPS: """\
claim: C-1
screening: M9-9
regions:
  head: Head
  foot: Foot
parts:
  Everything: [head, foot]
frames:
  all: {view: front, box: [0, 5, 380, 775.5], heading: Front}
muscles:
- code: MU-1
  name: First
  lies: head
  frames: [all]
  bones: [front/rib]
  muscle:
  - view: front
    deep: true
    outline: 10,10! 20,10 20,20
    fibres: {from: '10,10', to: '20,20'}
  points:
  - {view: front, at: '12,12', label: the middle}
  referral:
  - label: top
    kind: usual
    shapes:
    - {view: front, outline: '30,30 40,30 40,40'}
  complaint_regions: [head]
  danger: [SF-1]
sites:
- code: SF-1
  number: 1
  grade: avoid
  label: The front
  rule: avoid
  shapes:
  - {view: front, both_sides: true, outline: '30,30 40,30 40,40'}
plates:
- code: F-1
  rows:
  - {heading: First, muscle: MU-1, frames: [all]}
  - {sites: [SF-1], frames: [all, all]}
""",
}


def with_maps(root: Path) -> Path:
    for name, text in FILES.items():
        (root / name).write_text(text)
    return root


def test_the_two_files_become_the_body_map_and_the_maps_of_muscles(tmp_path: Path) -> None:
    package = read_package(with_maps(small(tmp_path)))
    muscles = package.of("muscle")
    assert muscles["MU-1"].map.complaint_regions == ["head"]
    assert muscles["MU-2"].map is None
    body = package.of("body_map")["body"]
    assert [(row.code, row.title) for row in body.regions] == [("head", "Head"), ("foot", "Foot")]
    assert body.frames[0].box == [0, 5, 380, 775.5]


def test_a_package_without_maps_has_none(tmp_path: Path) -> None:
    assert "body_map" not in read_package(small(tmp_path)).entries


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("claim: C-1", "claim: C-9", r"maps.yaml:1: there is no claim C-9"),
        ("head: Head\n", "", r"maps.yaml:3: the region head of body.svg needs a name"),
        ("foot: Foot\n", "foot: Foot\n  tail: Tail\n", r"maps.yaml:6: body.svg has no region tail"),
        ("[head, foot]\n", "[head, foot, tail]\n", r"maps.yaml:7: there is no region tail"),
        ("[head, foot]\n", "[head]\n", r"maps.yaml:6: the region foot belongs to one part, not to 0"),
        ("all: {view: front,", "all: {view: back,", r"maps.yaml:9: there is no view back"),
        ("all: {view: front,", "all: {view: top,", r"maps.yaml:9: frames.0.view"),
        ("heading: Front}", "heading: Front, colour: red}", r"maps.yaml:9: frames.0.colour"),
        ("code: MU-1", "code: MU-9", r"maps.yaml:11: there is no muscle MU-9"),
        ("lies: head", "lies: nose", r"maps.yaml:13: there is no region nose"),
        ("frames: [all]\n  bones", "frames: [some]\n  bones", r"maps.yaml:14: there is no frame some"),
        ("front/rib", "back/rib", r"maps.yaml:15: body.svg has no bone back/rib"),
        ("10,10! 20,10", "10;10 20,10", r"maps.yaml:19: muscle.0.outline: .*10;10"),
        ("kind: usual", "kind: always", r"maps.yaml:25: referral.0.kind"),
        ("complaint_regions: [head]", "complaint_regions: [ear]", r"maps.yaml:28: there is no region ear"),
        ("danger: [SF-1]", "danger: [SF-2]", r"maps.yaml:29: there is no site SF-2"),
        ("sites:\n- code: SF-1", "sites:\n- code: SF-3", r"maps.yaml:31: there is no safety note SF-3"),
        ("plates:\n- code: F-1", "plates:\n- code: F-9", r"maps.yaml:39: there is no figure F-9"),
        ("muscle: MU-1, frames", "muscle: MU-2, frames", r"maps.yaml:41: there is no map of the muscle MU-2"),
        ("muscles:\n", "muscles: none\nother:\n", r"maps.yaml:1: this file needs named parts, and a list of muscles"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, old: str, new: str, reason: str) -> None:
    change(with_maps(small(tmp_path)), MAPS, old, new)
    with pytest.raises(InvalidPackage, match=reason):
        read_package(tmp_path)


def test_two_maps_of_one_muscle_are_a_fault(tmp_path: Path) -> None:
    text = FILES[MAPS]
    twice = text[text.index("- code: MU-1") : text.index("sites:")]
    change(with_maps(small(tmp_path)), MAPS, "sites:\n", f"{twice}sites:\n")
    with pytest.raises(InvalidPackage, match=r"maps.yaml:30: the map of MU-1 is there already"):
        read_package(tmp_path)


@pytest.mark.parametrize("gone", [MAPS, BODY])
def test_one_file_without_the_other_is_a_fault(tmp_path: Path, gone: str) -> None:
    (with_maps(small(tmp_path)) / gone).unlink()
    with pytest.raises(InvalidPackage, match=f"{gone}:1: maps need both files"):
        read_package(tmp_path)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("</svg>", ""),
        ('data-layer="lines"', 'data-layer="other"'),
        ("380 785", "wide"),
        ("<svg", '<!DOCTYPE svg [<!ENTITY a "b">]><svg'),
    ],
)
def test_a_body_that_cannot_be_read_is_a_fault(tmp_path: Path, old: str, new: str) -> None:
    text = FILES[BODY].replace(old, new)
    (with_maps(small(tmp_path)) / BODY).write_text(text)
    with pytest.raises(InvalidPackage, match=r"knowledge/body.svg:1: "):
        read_package(tmp_path)


@RELOADING
@pytest.mark.django_db
def test_maps_are_loaded_once_changed_and_retired(package: Path) -> None:
    with_maps(package)
    report = load_package(package)
    assert {"muscle MU-1", "muscle MU-2", "body_map body"} <= set(report.created)
    assert load_package(package).changes == 0
    digest = BodyMap.objects.get().digest
    assert Muscle.objects.get(code="MU-1").map["muscle"][0]["fibres"] == {"from": "10,10", "to": "20,20"}
    assert Muscle.objects.get(code="MU-2").map == {}

    change(package, MAPS, "label: top", "label: very top")
    assert load_package(package).updated == ["muscle MU-1"]
    change(package, MAPS, "head: Head", "head: Skull")
    assert load_package(package).updated == ["body_map body"]
    assert BodyMap.objects.get().digest != digest

    (package / MAPS).unlink()
    (package / BODY).unlink()
    report = load_package(package)
    assert (report.updated, report.retired) == (["muscle MU-1"], ["body_map body"])
    assert Muscle.objects.get(code="MU-1").map == {}


@RELOADING
@pytest.mark.django_db
def test_maps_leave_as_they_came(package: Path, tmp_path: Path) -> None:
    load_package(with_maps(package))
    export_package(tmp_path / "out", include_exam=True)
    said = yaml.safe_load((tmp_path / "out" / MAPS).read_text())
    assert said == yaml.safe_load(FILES[MAPS])
    assert list(said) == list(yaml.safe_load(FILES[MAPS]))
    assert (tmp_path / "out" / BODY).read_text() == FILES[BODY]
    assert "map" not in (tmp_path / "out" / "knowledge/muscles.yaml").read_text()
    again = load_package(tmp_path / "out")
    assert not {"muscle MU-1", "muscle MU-2", "body_map body"} & {*again.created, *again.updated, *again.retired}
    export_package(tmp_path / "again", include_exam=True)
    for name in (MAPS, BODY):
        assert (tmp_path / "again" / name).read_bytes() == (tmp_path / "out" / name).read_bytes()


@RELOADING
@pytest.mark.django_db
def test_a_school_without_maps_exports_none(little: Path, tmp_path: Path) -> None:
    export_package(tmp_path / "out", include_exam=True)
    assert not (tmp_path / "out" / MAPS).exists()
    assert not (tmp_path / "out" / BODY).exists()


def test_whatever_order_the_database_gives_the_file_has_that_of_the_schema() -> None:
    [row] = yaml.safe_load(FILES[MAPS])["muscles"]
    del row["code"]
    shuffled = {name: row[name] for name in sorted(row, key=lambda name: (len(name), name))}
    assert list(in_order(MuscleMapPart, shuffled)) == list(in_order(MuscleMapPart, row))
    assert in_order(MuscleMapPart, shuffled) == row


def test_the_shipped_file_can_be_written_again_from_what_was_read(settings: object) -> None:
    root = Path(settings.SHIPPED_CURRICULUM)  # type: ignore[attr-defined]
    package = read_package(root)
    body = package.of("body_map")["body"].model_dump(mode="json")
    muscles = {code: entry.map.model_dump(mode="json") for code, entry in package.of("muscle").items() if entry.map}
    data = written(body, muscles)
    assert data == yaml.safe_load((root / MAPS).read_text())
    assert located_yaml.load(located_yaml.dump(data)).data == data
