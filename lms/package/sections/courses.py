"""Sections of the page tree: site, courses, modules, lessons, checkpoints."""

from __future__ import annotations

from typing import Any

from wagtail.models import Page, Site

from courses.api import (
    BLOCK_SHAPES,
    CataloguePage,
    CheckpointPage,
    CoursePage,
    HomePage,
    LessonPage,
    ModulePage,
)
from lms.knowledge.api import Claim, Figure, GlossaryTerm, Objective, SafetyNote, Source
from quizzes.api import Assessment

from ..block_rows import from_value
from ..lesson_text import plain_markdown, rich
from .base import by_code, provenance_of, set_provenance


def _save_page(page: Any, parent: Any, user: Any) -> None:
    """Insert or update a page, and publish a revision of it."""
    if page.pk is None:
        parent.add_child(instance=page)
    page.save_revision(user=user, changed=True).publish(user=user)


def _order_children(parent: Any, wanted: list[str], attribute: str) -> None:
    """Bring the children of a page into an order; what is not named stays behind them."""
    children = {getattr(child, attribute): child for child in (page.specific for page in parent.get_children())}
    present = [name for name in children if name in wanted]
    if present == [name for name in wanted if name in children]:
        return
    for name in reversed([name for name in wanted if name in children]):
        Page.objects.get(pk=children[name].pk).move(Page.objects.get(pk=parent.pk), pos="first-child")


class SiteSection:
    """The home page, the catalogue and the site that serves them."""

    kind = "site"

    def dumps(self) -> dict[str, dict[str, Any]]:
        """One entry, once both pages are there."""
        home, catalogue = HomePage.objects.live().first(), CataloguePage.objects.live().first()
        site = Site.objects.filter(is_default_site=True).first()
        if home is None or catalogue is None or site is None:
            return {}
        return {
            "site": {
                "code": "site",
                "format": 1,
                "title": site.site_name,
                "language": "en-gb",
                "home": {"title": home.title, "lead": home.lead, "intro": plain_markdown(home.intro)},
                "catalogue": {"title": catalogue.title, "intro": plain_markdown(catalogue.intro)},
            }
        }

    def write(self, entry: dict[str, Any], user: Any) -> None:
        """Make or update the two pages; Wagtail's welcome page gives way."""
        root = Page.get_first_root_node()
        home = HomePage.objects.first() or HomePage(slug="home")
        home.title, home.lead = entry["home"]["title"], entry["home"]["lead"]
        home.intro = rich(entry["home"]["intro"])
        if home.pk is None:
            welcome = Page.objects.filter(depth=2, slug="home").first()
            if welcome:
                welcome.slug = "welcome"
                welcome.save()
        _save_page(home, root, user)
        site = Site.objects.filter(is_default_site=True).first() or Site(hostname="localhost", is_default_site=True)
        site.root_page, site.site_name = home, entry["title"]
        site.save()
        for page in Page.objects.filter(depth=2, slug="welcome"):
            if page.specific_class is Page:
                page.delete()
        catalogue = CataloguePage.objects.first() or CataloguePage(slug="courses")
        catalogue.title, catalogue.intro = entry["catalogue"]["title"], rich(entry["catalogue"]["intro"])
        _save_page(catalogue, HomePage.objects.get(pk=home.pk), user)

    def retire(self, code: str) -> None:
        """The site stays."""


class CourseSection:
    """Courses."""

    kind = "course"

    def dumps(self) -> dict[str, dict[str, Any]]:
        """All published courses."""
        rows = CoursePage.objects.live().prefetch_related("prerequisites").order_by("position")
        modules: dict[str, list[str]] = {}
        for module in ModulePage.objects.live().order_by("path"):
            modules.setdefault(module.path[: -Page.steplen], []).append(module.code)
        return {
            row.code: {
                "code": row.code,
                "title": row.title,
                "slug": row.slug_code,
                "summary": plain_markdown(row.summary),
                "position": row.position,
                "prerequisites": sorted(course.code for course in row.prerequisites.all()),
                "modules": modules.get(row.path, []),
            }
            for row in rows
        }

    def write(self, entry: dict[str, Any], user: Any) -> None:
        """Create or update."""
        row = CoursePage.objects.filter(code=entry["code"]).first() or CoursePage(code=entry["code"])
        row.title, row.slug, row.slug_code = entry["title"], entry["slug"], entry["slug"]
        row.summary, row.position = rich(entry["summary"]), entry["position"]
        row.prerequisites = by_code(CoursePage, entry["prerequisites"])
        _save_page(row, CataloguePage.objects.get(), user)

    def put_in_order(self, entries: dict[str, dict[str, Any]]) -> None:
        """Modules in the order that their course names."""
        for code, entry in entries.items():
            _order_children(CoursePage.objects.get(code=code), entry["modules"], "code")

    def retire(self, code: str) -> None:
        """Withdraw the page; completions stay."""
        for page in CoursePage.objects.live().filter(code=code):
            page.unpublish()


class ModuleSection:
    """Modules."""

    kind = "module"

    def dumps(self) -> dict[str, dict[str, Any]]:
        """All published modules; objectives and checkpoints travel in their own sections."""
        courses = {page.path: page.code for page in CoursePage.objects.all()}
        lessons: dict[str, list[str]] = {}
        for lesson in LessonPage.objects.live().order_by("path"):
            lessons.setdefault(lesson.path[: -Page.steplen], []).append(lesson.slug)
        rows = ModulePage.objects.live().select_related("quiz").prefetch_related("prerequisites").order_by("path")
        places: dict[str, int] = {}
        entries = {}
        for row in rows:
            parent = row.path[: -Page.steplen]
            places[parent] = places.get(parent, 0) + 1
            entries[row.code] = {
                "code": row.code,
                "course": courses[parent],
                "title": row.title,
                "slug": row.slug,
                "summary": plain_markdown(row.summary),
                "prerequisites": sorted(module.code for module in row.prerequisites.all()),
                "quiz": row.quiz.code if row.quiz else None,
                "lessons": lessons.get(row.path, []),
                "position": places[parent],
            }
        return entries

    def write(self, entry: dict[str, Any], user: Any) -> None:
        """Create or update."""
        row = ModulePage.objects.filter(code=entry["code"]).first() or ModulePage(code=entry["code"])
        row.title, row.slug, row.summary = entry["title"], entry["slug"], rich(entry["summary"])
        row.quiz = Assessment.objects.filter(code=entry["quiz"]).first() if entry["quiz"] else None
        row.prerequisites = by_code(ModulePage, entry["prerequisites"])
        _save_page(row, CoursePage.objects.get(code=entry["course"]), user)

    def put_in_order(self, entries: dict[str, dict[str, Any]]) -> None:
        """Lessons in the order that their module names."""
        for code, entry in entries.items():
            _order_children(ModulePage.objects.get(code=code), entry["lessons"], "slug")

    def retire(self, code: str) -> None:
        """Withdraw the page; completions stay."""
        for page in ModulePage.objects.live().filter(code=code):
            page.unpublish()


class LessonSection:
    """Lessons."""

    kind = "lesson"

    def dumps(self) -> dict[str, dict[str, Any]]:
        """All published lessons."""
        modules = {page.path: page.code for page in ModulePage.objects.all()}
        rows = LessonPage.objects.live().prefetch_related("objectives", "sources", "safety_notes").order_by("path")
        return {row.code: self._dump(row, modules[row.path[: -Page.steplen]]) for row in rows}

    def _dump(self, row: LessonPage, module: str) -> dict[str, Any]:
        return {
            "code": row.code,
            "module": module,
            "title": row.title,
            "slug": row.slug,
            "minutes": row.minutes,
            "summary": row.summary,
            "why": row.why,
            "objectives": sorted(objective.code for objective in row.objectives.all()),
            "sources": sorted(source.code for source in row.sources.all()),
            "safety_notes": sorted(note.code for note in row.safety_notes.all()),
            "provenance": provenance_of(row),
            "last_revised": row.last_revised.isoformat() if row.last_revised else None,
            "body": [self._from_block(block.block_type, block.value) for block in row.body],
        }

    def write(self, entry: dict[str, Any], user: Any) -> None:
        """Create or update."""
        row = LessonPage.objects.filter(code=entry["code"]).first() or LessonPage(code=entry["code"])
        for name in ("title", "slug", "minutes", "summary", "why", "last_revised"):
            setattr(row, name, entry[name])
        set_provenance(row, entry)
        row.objectives = by_code(Objective, entry["objectives"])
        row.sources = by_code(Source, entry["sources"])
        row.safety_notes = by_code(SafetyNote, entry["safety_notes"])
        row.body = [self._to_block(block) for block in entry["body"]]
        _save_page(row, ModulePage.objects.get(code=entry["module"]), user)

    def _to_block(self, block: dict[str, Any]) -> tuple[str, Any]:
        kind = block["type"]
        if kind == "prose":
            return "prose", rich(block["text"])
        if kind == "callout":
            value = {"kind": block["kind"], "title": block.get("title") or "", "text": rich(block["text"])}
            return "callout", value
        if kind == "claim":
            return "claim", {"claim": Claim.objects.get(code=block["code"])}
        if kind == "figure":
            return "figure", {"figure": Figure.objects.get(code=block["code"])}
        if kind == "term":
            return "key_term", {"term": GlossaryTerm.objects.get(code=block["code"])}
        if kind == "say_instead":
            return "say_instead", {"title": block.get("title") or "", "rows": block["rows"]}
        if kind == "timeline":
            return "timeline", {"title": block.get("title") or "", "events": block["rows"]}
        if kind == "table":
            table = {
                "data": block["rows"],
                "cell": [],
                "mergeCells": [],
                "first_row_is_table_header": True,
                "first_col_is_header": False,
                "table_header_choice": "row",
                "table_caption": "",
            }
            return "table", {"caption": block["caption"], "table": table}
        if kind == "video":
            return "video", {
                "title": block.get("title") or "",
                "url": block["url"],
                "duration_minutes": block.get("duration_minutes"),
                "transcript": rich(block["text"]),
            }
        if kind in BLOCK_SHAPES:
            parts = {name: block[name] for name in (*BLOCK_SHAPES[kind].options, "rows")}
            return kind, parts | ({"figure": Figure.objects.get(code=block["figure"])} if "figure" in parts else {})
        return "knowledge_check", {"assessment": Assessment.objects.get(code=block["assessment"])}

    def _from_block(self, kind: str, value: Any) -> dict[str, Any]:
        if kind == "prose":
            return {"type": "prose", "text": plain_markdown(value.source)}
        if kind == "callout":
            return {
                "type": "callout", "kind": value["kind"], "title": value["title"],
                "text": plain_markdown(value["text"].source),
            }  # fmt: skip
        if kind in {"claim", "figure"}:
            return {"type": kind, "code": value[kind].code}
        if kind == "key_term":
            return {"type": "term", "code": value["term"].code}
        if kind == "say_instead":
            rows = [{name: row[name] or "" for name in ("avoid", "because", "instead")} for row in value["rows"]]
            return {"type": kind, "title": value["title"] or "", "rows": rows}
        if kind == "timeline":
            rows = [{name: row[name] or "" for name in ("date", "text", "title")} for row in value["events"]]
            return {"type": kind, "title": value["title"] or "", "rows": rows}
        if kind == "table":
            rows = [[cell or "" for cell in row] for row in value["table"]["data"]]
            return {"type": "table", "caption": value["caption"], "rows": rows}
        if kind == "video":
            return {
                "type": "video", "title": value["title"], "url": value["url"],
                "duration_minutes": value["duration_minutes"], "text": plain_markdown(value["transcript"].source),
            }  # fmt: skip
        if kind in BLOCK_SHAPES:
            return {"type": kind, **from_value(kind, value)}
        return {"type": "check", "assessment": value["assessment"].code}

    def retire(self, code: str) -> None:
        """Withdraw the page; completions stay."""
        for page in LessonPage.objects.live().filter(code=code):
            page.unpublish()


class CheckpointSection:
    """Quizzes of a module that may be taken and need not be passed."""

    kind = "checkpoint"

    def dumps(self) -> dict[str, dict[str, Any]]:
        """All published checkpoints."""
        modules = {page.path: page.code for page in ModulePage.objects.all()}
        return {
            row.code: {
                "code": row.code,
                "module": modules[row.path[: -Page.steplen]],
                "title": row.title,
                "slug": row.slug,
                "intro": plain_markdown(row.intro),
                "assessment": row.assessment.code,
            }
            for row in CheckpointPage.objects.live().select_related("assessment").order_by("path")
        }

    def write(self, entry: dict[str, Any], user: Any) -> None:
        """Create or update."""
        row = CheckpointPage.objects.filter(code=entry["code"]).first() or CheckpointPage(code=entry["code"])
        row.title, row.slug, row.intro = entry["title"], entry["slug"], rich(entry["intro"])
        row.assessment = Assessment.objects.get(code=entry["assessment"])
        _save_page(row, ModulePage.objects.get(code=entry["module"]), user)

    def retire(self, code: str) -> None:
        """Withdraw the page; attempts stay."""
        for page in CheckpointPage.objects.live().filter(code=code):
            page.unpublish()


SITE = SiteSection()
COURSE = CourseSection()
MODULE = ModuleSection()
LESSON = LessonSection()
CHECKPOINT = CheckpointSection()
