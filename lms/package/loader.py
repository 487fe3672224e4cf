"""Load a package into the database: create what is new, update what changed, keep what was edited here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import transaction
from django.utils import timezone
from wagtail.models import ReferenceIndex
from wagtail.signal_handlers import disable_reference_index_auto_update

from courses.api import forget_outline, video_provider
from lms.core.digest import digest_of
from lms.core.exceptions import DomainError
from lms.core.markup import UnsafeSvg, clean_svg
from quizzes.types import registry
from quizzes.types.base import CompileProblem, ScoringRule

from .entries import Package
from .faults import Fault, InvalidPackage
from .models import LoadedObject
from .pictures import find_pictures, stored
from .reader import read_package
from .sections.assessments import ASSESSMENT, in_short
from .sections.base import Section
from .sections.certification import AGREEMENT, PATH, PRACTICAL
from .sections.courses import CHECKPOINT, COURSE, LESSON, MODULE, SITE
from .sections.knowledge import (
    BODY_MAP,
    CLAIM,
    CONTRADICTION,
    DOMAIN,
    FIGURE,
    MUSCLE,
    OBJECTIVE,
    SAFETY_NOTE,
    SOURCE,
    TERM,
)
from .sections.questions import BANK, QUESTION, STIMULUS, to_block

#: In the order in which they need each other.
SECTIONS: tuple[Section, ...] = (
    DOMAIN, SOURCE, CLAIM, CONTRADICTION, SAFETY_NOTE, TERM, FIGURE, MUSCLE, BODY_MAP, OBJECTIVE, BANK, STIMULUS,
    QUESTION, ASSESSMENT, SITE, COURSE, MODULE, LESSON, CHECKPOINT, AGREEMENT, PRACTICAL, PATH,
)  # fmt: skip


@dataclass
class Report:
    """What a load did."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    retired: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    unchanged: int = 0

    @property
    def changes(self) -> int:
        """How many objects are not as they were."""
        return len(self.created) + len(self.updated) + len(self.retired)


def prerequisites_first(entries: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """In the order given, but that each comes after what it asks for: a link needs its other end."""
    ordered: dict[str, dict[str, Any]] = {}

    def put(code: str) -> None:
        if code in entries and code not in ordered:
            for earlier in entries[code]["prerequisites"]:
                put(earlier)
            ordered[code] = entries[code]

    for code in entries:
        put(code)
    return ordered


def entries_of(package: Package, section: Section) -> dict[str, dict[str, Any]]:
    """Entries of a section as plain data. What belongs to a module travels apart from it."""
    entries = {code: entry.model_dump(mode="json") for code, entry in package.of(section.kind).items()}
    if section.kind == "module":
        for entry in entries.values():
            entry.pop("objectives")
        entries = dict(sorted(entries.items(), key=lambda item: (item[1]["course"], item[1]["position"])))
    if section.kind in {"course", "module"}:
        entries = prerequisites_first(entries)
    if section.kind == "muscle":
        for entry in entries.values():
            if entry["map"] is None:
                del entry["map"]
    if section.kind == "path":
        for entry in entries.values():
            if entry["admits_on_enrolment"]:
                del entry["admits_on_enrolment"]
            for name in ("renewal", "ce_hours", "course_type", "instructor_name"):
                if not entry[name]:
                    del entry[name]
    if section.kind == "objective":
        for entry in entries.values():
            if not entry["practical"]:
                del entry["practical"]
    if section.kind == "question":
        # Enemies are mutual, whoever of the two names the other.
        for code, entry in entries.items():
            for enemy in entry["enemies"]:
                if enemy in entries and code not in entries[enemy]["enemies"]:
                    entries[enemy]["enemies"].append(code)
        for entry in entries.values():
            entry["enemies"].sort()
            for name in ("picture", "stimulus"):
                if entry[name] is None:
                    del entry[name]
    if section.kind == "assessment":
        entries = {code: in_short(entry) for code, entry in entries.items()}
    return entries


def validate(package: Package) -> None:
    """What goes beyond form: can every question be asked and scored, is each drawing and video safe?

    Raises `InvalidPackage`.
    """
    find_pictures(package)
    for code, entry in package.of("question").items():
        try:
            kind = registry.get(entry.type)
        except registry.UnknownQuestionType:
            package.fault("question", code, ("type",), f"there is no question type {entry.type}")
            continue
        if kind.uses_picture and entry.picture is None:
            package.fault("question", code, ("type",), "this kind of question needs a picture")
            continue
        try:
            draft = to_block(kind.authoring_block(), entry.interaction)
            if kind.uses_picture and code in package.picture_sizes:
                draft = {**draft, "picture_size": package.picture_sizes[code]}
            kind.compile(draft, ScoringRule(entry.scoring))
        except (CompileProblem, TypeError, AttributeError) as problem:
            field_name = str(getattr(problem, "field", "")) or "interaction"
            # Types number the rows of a list from 1, as their authors do.
            parts = (int(part) - 1 if part.isdecimal() else part for part in field_name.split("."))
            place = ("scoring",) if field_name == "scoring" else ("interaction", *parts)
            package.fault("question", code, place, str(getattr(problem, "message", problem)))
    for code, entry in package.of("figure").items():
        try:
            clean_svg(entry.svg)
        except UnsafeSvg as error:
            package.fault("figure", code, ("code",), str(error))
    for code, entry in package.of("lesson").items():
        for place, block in enumerate(entry.body):
            if block["type"] == "video" and not video_provider(str(block["url"])):
                package.fault("lesson", code, ("body", place), "only videos at YouTube or Vimeo can be shown")
    if package.faults:
        raise InvalidPackage(package.faults)


def load_package(
    root: Path, *, user: Any = None, force: bool = False, progress: Callable[[str], None] | None = None
) -> Report:
    """Load the package in a folder, all or nothing.

    An object that was edited here since the last load is kept, unless `force`. Raises `InvalidPackage`.
    """
    package = read_package(root)
    validate(package)
    report = Report()
    with transaction.atomic(), disable_reference_index_auto_update():
        written: dict[Section, dict[str, dict[str, Any]]] = {}
        for section in SECTIONS:
            written[section] = _load_section(package, section, report, user=user, force=force, progress=progress)
            if section is QUESTION:
                QUESTION.freeze_again(written[STIMULUS], user)
        COURSE.put_in_order(entries_of(package, COURSE))
        MODULE.put_in_order(entries_of(package, MODULE))
        # Only now: a course looks different once its modules are loaded.
        for section, entries in written.items():
            _note(section, entries)
    if report.changes:
        _rebuild_references()
    forget_outline()
    return report


def _load_section(
    package: Package,
    section: Section,
    report: Report,
    *,
    user: Any,
    force: bool,
    progress: Callable[[str], None] | None,
) -> dict[str, dict[str, Any]]:
    entries = entries_of(package, section)
    current = section.dumps()
    loaded = {row.code: row for row in LoadedObject.objects.filter(kind=section.kind)}
    written: dict[str, dict[str, Any]] = {}
    for code, entry in entries.items():
        name = f"{section.kind} {code}"
        decision = _decide(entry, current.get(code), loaded.get(code), force=force)
        if decision == "kept":
            report.kept.append(name)
        elif decision == "unchanged":
            report.unchanged += 1
        else:
            _write(package, section, code, entry, user)
            written[code] = entry
            (report.created if decision == "created" else report.updated).append(name)
    if section is QUESTION and written:
        QUESTION.link_enemies(written)
    for code, row in loaded.items():
        if code not in entries:
            _retire(section, code, row, current.get(code), report, force=force)
    if progress:
        progress(f"{section.kind}: {len(written)} of {len(entries)} written")
    return written


def _decide(entry: dict[str, Any], current: dict[str, Any] | None, row: LoadedObject | None, *, force: bool) -> str:
    """created, updated, unchanged or kept."""
    if current is None:
        return "created"
    entry_digest, object_digest = digest_of(entry), digest_of(current)
    if row is not None and object_digest == row.object_digest:
        return "unchanged" if entry_digest == row.entry_digest else "updated"
    if object_digest == entry_digest:
        return "unchanged"
    return "updated" if force else "kept"


def _write(package: Package, section: Section, code: str, entry: dict[str, Any], user: Any) -> None:
    read = package.entries[section.kind][code]
    try:
        if section is QUESTION and "picture" in entry:
            entry = {**entry, "picture": stored(package.pictures, entry)}
        section.write(entry, user)
    except DomainError as error:
        raise InvalidPackage([Fault(read.file, read.line(()), error.message)]) from error
    except DjangoValidationError as error:
        raise InvalidPackage([Fault(read.file, read.line(()), "; ".join(error.messages))]) from error


def _note(section: Section, written: dict[str, dict[str, Any]]) -> None:
    """Remember what was loaded and what it looked like right after."""
    if not written:
        return
    now = timezone.now()
    after = section.dumps()
    rows = [
        LoadedObject(
            kind=section.kind,
            code=code,
            entry_digest=digest_of(entry),
            object_digest=digest_of(after[code]) if code in after else "",
            loaded_at=now,
        )
        for code, entry in written.items()
    ]
    LoadedObject.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["kind", "code"],
        update_fields=["entry_digest", "object_digest", "loaded_at"],
    )


def _retire(
    section: Section, code: str, row: LoadedObject, current: dict[str, Any] | None, report: Report, *, force: bool
) -> None:
    if current is not None:
        if digest_of(current) != row.object_digest and not force:
            report.kept.append(f"{section.kind} {code}")
            return
        section.retire(code)
        if code not in section.dumps():
            report.retired.append(f"{section.kind} {code}")
    row.delete()


def _rebuild_references() -> None:
    """The usage counts of the CMS, which were not kept up during the load."""
    with transaction.atomic():
        for model in apps.get_models():
            if ReferenceIndex.model_is_indexable(model) and model._meta.app_label in {
                "quizzes",
                "courses",
                "certification",
            }:
                for instance in model._default_manager.iterator(chunk_size=200):
                    ReferenceIndex.create_or_update_for_object(instance)
