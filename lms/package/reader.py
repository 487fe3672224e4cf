"""Read a package from disk into validated entries. Every fault is found before anything is changed."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

import yaml

from . import located_yaml, schema
from .contradiction_schema import ContradictionEntry
from .entries import Package, Read, name_of, parse, validate
from .faults import Fault, InvalidPackage
from .lesson_text import TextFault, parse_body, split_front_matter
from .maps import read_maps
from .path_schema import PathEntry, leaves
from .sections.certification import BY_SLUG

KNOWLEDGE: dict[str, tuple[str, type[schema.Entry]]] = {
    "domain": ("domains.yaml", schema.DomainEntry),
    "source": ("sources.yaml", schema.SourceEntry),
    "claim": ("claims.yaml", schema.ClaimEntry),
    "safety_note": ("safety_notes.yaml", schema.SafetyNoteEntry),
    "term": ("glossary.yaml", schema.TermEntry),
    "contradiction": ("contradictions.yaml", ContradictionEntry),
    "muscle": ("muscles.yaml", schema.MuscleEntry),
}
#: What kind of thing each list of codes refers to.
REFERENCES: dict[str, tuple[tuple[str, str], ...]] = {
    "claim": (("sources", "source"),),
    "figure": (("sources", "source"),),
    "muscle": (("sources", "source"),),
    "contradiction": (("claims", "claim"), ("lessons", "lesson")),
    "objective": (("domain", "domain"),),
    "stimulus": (("bank", "bank"),),
    "question": (
        ("bank", "bank"),
        ("stimulus", "stimulus"),
        ("objective", "objective"),
        ("domain", "domain"),
        ("claims", "claim"),
        ("safety_notes", "safety_note"),
        ("enemies", "question"),
    ),
    "assessment": (("lesson", "lesson"), ("module", "module")),
    "course": (("prerequisites", "course"), ("modules", "module")),
    "module": (("prerequisites", "module"), ("quiz", "assessment"), ("course", "course")),
    "checkpoint": (("assessment", "assessment"),),
    "lesson": (
        ("module", "module"),
        ("objectives", "objective"),
        ("sources", "source"),
        ("safety_notes", "safety_note"),
    ),
}
BODY_REFERENCES = {
    "claim": ("code", "claim"),
    "figure": ("code", "figure"),
    "find_on_figure": ("figure", "figure"),
    "term": ("code", "term"),
    "check": ("assessment", "assessment"),
}


def read_package(root: Path) -> Package:
    """The package in a folder. Raises `InvalidPackage` with every fault of form or reference."""
    package = Package(root)
    if not (root / "package.yaml").is_file():
        raise InvalidPackage([Fault("package.yaml", 1, "there is no package here")])
    _single(package, "site", root / "package.yaml", schema.SiteEntry)
    for kind, (name, model) in KNOWLEDGE.items():
        _listed(package, kind, root / "knowledge" / name, model)
    _figures(package)
    read_maps(package)
    for folder in sorted(path for path in (root / "questions").glob("*") if path.is_dir()):
        _bank(package, folder)
    for file in sorted((root / "assessments").glob("*.yaml")):
        _single(package, "assessment", file, schema.AssessmentEntry)
    for folder in sorted(path for path in (root / "courses").glob("*") if path.is_dir()):
        _course(package, folder)
    for file in sorted((root / "agreements").glob("*.yaml")):
        _single(package, "agreement", file, schema.AgreementEntry)
    for file in sorted((root / "practicals").glob("*.yaml")):
        _single(package, "practical", file, schema.PracticalEntry)
    for file in sorted((root / "paths").glob("*.yaml")):
        _single(package, "path", file, PathEntry)
    _check_references(package)
    if package.faults:
        raise InvalidPackage(package.faults)
    return package


def _single(package: Package, kind: str, file: Path, model: type[schema.Entry], **more: Any) -> dict[str, Any] | None:
    located = parse(package, file)
    if located is None:
        return None
    data = {**located.data, **more} if isinstance(located.data, dict) else located.data
    validate(package, kind, model, data, name_of(package, file), located.line)
    return data if isinstance(data, dict) else None


def _listed(package: Package, kind: str, file: Path, model: type[schema.Entry], **more: Any) -> None:
    if not file.exists():
        return
    located = parse(package, file)
    if located is None or located.data is None:
        return
    if not isinstance(located.data, list):
        package.faults.append(Fault(name_of(package, file), 1, "this file needs a list"))
        return
    for place, row in enumerate(located.data):
        data = {**row, **more} if isinstance(row, dict) else row
        validate(package, kind, model, data, name_of(package, file), lambda path, at=place: located.line((at, *path)))


def _figures(package: Package) -> None:
    file = package.root / "knowledge" / "figures.yaml"
    if not file.exists():
        return
    located = parse(package, file)
    if located is None or not isinstance(located.data, list):
        return
    for place, row in enumerate(located.data):
        data = row
        if isinstance(row, dict):
            drawing = file.parent / "figures" / f"{row.get('code')}.svg"
            data = {**row, "svg": drawing.read_text(encoding="utf-8") if drawing.is_file() else ""}
            if not drawing.is_file():
                line = located.line((place,))
                package.faults.append(Fault(name_of(package, file), line, f"the drawing {drawing.name} is missing"))
                continue
        validate(
            package,
            "figure",
            schema.FigureEntry,
            data,
            name_of(package, file),
            lambda path, at=place: located.line((at, *path)),
        )


def _bank(package: Package, folder: Path) -> None:
    head = folder / "bank.yaml"
    if not head.is_file():
        package.faults.append(Fault(name_of(package, folder), 1, "the folder of a bank needs a bank.yaml"))
        return
    data = _single(package, "bank", head, schema.BankEntry)
    code = (data or {}).get("code", folder.name)
    stories = folder / "stimuli.yaml"
    _listed(package, "stimulus", stories, schema.StimulusEntry, bank=code)
    for file in sorted(folder.glob("*.yaml")):
        if file not in {head, stories}:
            _listed(package, "question", file, schema.QuestionEntry, bank=code)


def _course(package: Package, folder: Path) -> None:
    head = folder / "course.yaml"
    if not head.is_file():
        package.faults.append(Fault(name_of(package, folder), 1, "the folder of a course needs a course.yaml"))
        return
    course = _single(package, "course", head, schema.CourseEntry) or {}
    for sub in sorted(path for path in folder.glob("*") if path.is_dir()):
        module_file = sub / "module.yaml"
        if not module_file.is_file():
            package.faults.append(Fault(name_of(package, sub), 1, "the folder of a module needs a module.yaml"))
            continue
        located = parse(package, module_file)
        if located is None or not isinstance(located.data, dict):
            continue
        name = name_of(package, module_file)
        data = {**located.data, "course": course.get("code", "")}
        stops = data.pop("checkpoints", [])
        validate(package, "module", schema.ModuleEntry, data, name, located.line)
        module = package.of("module").get(data.get("code", ""))
        if module is None:
            continue
        for place, objective in enumerate(module.objectives):
            package.add(
                "objective",
                Read(objective, name, lambda path, at=place, found=located: found.line(("objectives", at, *path))),
            )
        _checkpoints(package, stops, module.code, name, located)
        for lesson_slug in module.lessons:
            _lesson(package, sub / f"{lesson_slug}.md", module.code, located.line(("lessons",)), name)
        for stray in sorted({file.stem for file in sub.glob("*.md")} - set(module.lessons)):
            package.faults.append(Fault(name, located.line(("lessons",)), f"the lesson {stray}.md is not in the list"))


def _checkpoints(package: Package, rows: Any, module: str, file: str, located: located_yaml.Located) -> None:
    if not isinstance(rows, list):
        package.faults.append(Fault(file, located.line(("checkpoints",)), "checkpoints: this needs a list"))
        return
    for place, row in enumerate(rows):
        validate(
            package,
            "checkpoint",
            schema.CheckpointEntry,
            {**row, "module": module} if isinstance(row, dict) else row,
            file,
            lambda path, at=place: located.line(("checkpoints", at, *path)),
        )


def _lesson(package: Package, file: Path, module: str, line: int, module_file: str) -> None:
    if not file.is_file():
        package.faults.append(Fault(module_file, line, f"the lesson {file.name} is missing"))
        return
    name = name_of(package, file)
    try:
        front, body, body_line = split_front_matter(file.read_text(encoding="utf-8"))
        located = located_yaml.load(front, 2)
        blocks = parse_body(body, body_line)
    except TextFault as error:
        package.faults.append(Fault(name, error.line, error.reason))
        return
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        package.faults.append(Fault(name, (mark.line if mark else 0) + 2, f"not readable as YAML: {error}"))
        return
    places = {place: block.pop("line") for place, block in enumerate(blocks)}

    def line_of(path: tuple[Any, ...]) -> int:
        if path[:1] == ("body",):
            return places.get(path[1], body_line) if len(path) > 1 else body_line
        return located.line(path)

    data = {**located.data, "module": module, "body": blocks} if isinstance(located.data, dict) else located.data
    validate(package, "lesson", schema.LessonEntry, data, name, line_of)


def _check_references(package: Package) -> None:
    for kind, rules in REFERENCES.items():
        for code, entry in package.of(kind).items():
            for attribute, target in rules:
                value = getattr(entry, attribute)
                wanted = value if isinstance(value, list) else [value] if value else []
                for place, reference in enumerate(wanted):
                    if reference not in package.entries.get(target, {}):
                        path = (attribute, place) if isinstance(value, list) else (attribute,)
                        package.fault(kind, code, path, f"there is no {target.replace('_', ' ')} {reference}")
    for kind in ("course", "module"):
        asked = {code: set(entry.prerequisites) for code, entry in package.of(kind).items()}
        try:
            TopologicalSorter(asked).prepare()
        except CycleError as error:
            circle = error.args[1]
            package.fault(kind, circle[0], ("prerequisites",), f"each of these comes first: {', '.join(circle)}")
    for code, entry in package.of("lesson").items():
        for place, block in enumerate(entry.body):
            if block["type"] in BODY_REFERENCES:
                option, target = BODY_REFERENCES[block["type"]]
                if block[option] not in package.entries.get(target, {}):
                    package.fault("lesson", code, ("body", place), f"there is no {target} {block[option]}")
        if sum(block["type"] == "check" for block in entry.body) > 1:
            package.fault("lesson", code, ("body",), "a lesson has one knowledge check at most")
    for code, entry in package.of("question").items():
        story = package.of("stimulus").get(entry.stimulus or "")
        if story and story.bank != entry.bank:
            package.fault("question", code, ("stimulus",), f"{story.code} belongs to the bank {story.bank}")
    for code, entry in package.of("assessment").items():
        _check_section(package, code, entry, ())
        for place, section in enumerate(entry.sections):
            _check_section(package, code, section, ("sections", place))
    for code, entry in package.of("path").items():
        for place, requirement in enumerate(entry.requirements):
            for leaf in leaves([requirement]):
                kind = BY_SLUG[next(iter(type(leaf).model_fields))]
                for target, reference in kind.refers_to(leaf):
                    if reference not in package.entries.get(target, {}):
                        package.fault("path", code, ("requirements", place), f"there is no {target} {reference}")
        if entry.renewal and entry.renewal.quiz and entry.renewal.quiz not in package.of("assessment"):
            package.fault("path", code, ("renewal", "quiz"), f"there is no assessment {entry.renewal.quiz}")


def _check_section(package: Package, code: str, section: Any, path: tuple[Any, ...]) -> None:
    """What a section of an assessment refers to; the assessment itself is one in its short form."""

    def check(target: str, reference: str, *more: Any) -> None:
        if reference not in package.entries.get(target, {}):
            package.fault("assessment", code, (*path, *more), f"there is no {target} {reference}")

    for place, question in enumerate(section.items):
        check("question", question, "items", place)
    if section.draw:
        check("bank", section.draw.bank, "draw", "bank")
        for place, rule in enumerate(section.draw.rules):
            if rule.domain:
                check("domain", rule.domain, "draw", "rules", place)
    if getattr(section, "case_sets", None):
        check("bank", section.case_sets.bank, "case_sets", "bank")
