"""Reads of what is taught."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.core.cache import cache
from wagtail.models import Page

from lms.core.digest import digest_of
from lms.core.markup import clean_rich
from lms.knowledge.api import Claim, GlossaryTerm, Marking, Vocabulary, terms_in, vocabulary
from quizzes.api import Assessment

from .models import CataloguePage, CheckpointPage, CoursePage, LessonPage, ModulePage, SchoolSettings
from .outline import Checkpoint, Course, Lesson, Module, Outline

#: So many words of a lesson open a card at most, so that the page stays calm.
TERMS_IN_A_LESSON = 12
OUTLINE_STAMP = "courses.outline.stamp"
OUTLINE_SECONDS = 300
SCHOOL_KEY = "courses.school"


@dataclass(frozen=True)
class TermUse:
    """Codes of the lessons that explain a term in the margin, and of those that only say it, in order."""

    explained: tuple[str, ...]
    said: tuple[str, ...]


# Stamp and outline, held by this process: an outline never changes, so that nobody has to unpack it again. One tuple,
# since threads read it while another one writes.
_held: tuple[str, Outline] = ("", Outline(()))
_words: tuple[str, Vocabulary] = ("", Vocabulary(()))
_uses: tuple[str, Mapping[str, TermUse]] = ("", {})


def outline() -> Outline:
    """The published outline. Built by ten queries, however large it is, when the stamp in the cache is new."""
    global _held
    stamp = cache.get(OUTLINE_STAMP)
    held = _held
    if stamp is None or stamp != held[0]:
        found = build_outline()
        fresh = uuid4().hex
        held = (stamp or cache.get_or_set(OUTLINE_STAMP, fresh, OUTLINE_SECONDS) or fresh, found)
        _held = held
    return held[1]


def forget_outline() -> None:
    """Called when something that is taught was published, moved or withdrawn."""
    cache.delete(OUTLINE_STAMP)


def words_of_the_glossary() -> Vocabulary:
    """The glossary, read afresh with the outline: call it after `outline()`, it asks for no stamp of its own."""
    global _words
    stamp = _held[0]
    if not stamp or _words[0] != stamp:
        _words = (stamp, vocabulary())
    return _words[1]


def new_marking() -> Marking:
    """For one view of one lesson: which words of its prose open a card. Call it after `outline()`."""
    return Marking(words_of_the_glossary(), set(), TERMS_IN_A_LESSON)


def uses_of_terms() -> Mapping[str, TermUse]:
    """Which lessons use each term of the glossary, by its code. One query when the outline is new."""
    global _uses
    outline()
    stamp = _held[0]
    if _uses[0] != stamp:
        _uses = (stamp, build_uses(words_of_the_glossary()))
    return _uses[1]


def build_uses(words: Vocabulary) -> dict[str, TermUse]:
    """Read afresh which lessons explain a term in a block of its own, and which say it in any block."""
    codes = {term.code for term in words.terms}
    keys = dict(GlossaryTerm.objects.filter(code__in=codes).values_list("pk", "code"))
    explained: dict[str, list[str]] = defaultdict(list)
    said: dict[str, list[str]] = defaultdict(list)
    bodies = {page.code: page.body.raw_data for page in LessonPage.objects.live().only("code", "body")}
    for _course, _module, lesson in outline().lessons():
        blocks = list(bodies.get(lesson.code, ()))
        own = {keys.get(block["value"].get("term")) for block in blocks if block["type"] == "key_term"} - {None}
        for code in own:
            explained[str(code)].append(lesson.code)
        for code in terms_in(texts_in([block["value"] for block in blocks]), words) - own:
            said[code].append(lesson.code)
    return {code: TermUse(tuple(explained[code]), tuple(said[code])) for code in sorted({*explained, *said})}


def texts_in(value: Any) -> Iterator[str]:
    """All texts of stored blocks, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from texts_in(part)
    elif isinstance(value, list):
        for part in value:
            yield from texts_in(part)


def lessons_with_claim(code: str) -> list[str]:
    """Codes of the published lessons whose text shows a claim; two queries, whatever there is."""
    key = Claim.objects.filter(code=code).values_list("pk", flat=True).first()
    if key is None:
        return []
    return [
        page.code
        for page in LessonPage.objects.live().only("code", "body")
        if any(block["type"] == "claim" and block["value"].get("claim") == key for block in page.body.raw_data)
    ]


def school_settings() -> SchoolSettings:
    """Who the school is; every page names it."""
    found: SchoolSettings | None = cache.get(SCHOOL_KEY)
    if found is None:
        found = SchoolSettings.load()
        cache.set(SCHOOL_KEY, found, OUTLINE_SECONDS)
    return found


def forget_school() -> None:
    """Called when the settings of the school were saved."""
    cache.delete(SCHOOL_KEY)


def build_outline() -> Outline:
    """The published outline, read afresh."""
    urls = _urls()
    lessons: dict[str, list[LessonPage]] = defaultdict(list)
    for lesson in LessonPage.objects.live().order_by("path").prefetch_related("objectives"):
        lessons[lesson.path[: -Page.steplen]].append(lesson)
    checks = dict(
        Assessment.objects.filter(
            pk__in=[lesson.knowledge_check_id for rows in lessons.values() for lesson in rows], live=True
        ).values_list("pk", "code")
    )
    checkpoints: dict[str, list[Checkpoint]] = defaultdict(list)
    for stop in (
        CheckpointPage.objects.live().filter(assessment__live=True).select_related("assessment").order_by("path")
    ):
        checkpoints[stop.path[: -Page.steplen]].append(
            Checkpoint(code=stop.code, title=stop.title, url=urls(stop), assessment=stop.assessment.code)
        )
    modules: dict[str, list[Module]] = defaultdict(list)
    for page in ModulePage.objects.live().order_by("path").select_related("quiz").prefetch_related("prerequisites"):
        quiz = page.quiz if page.quiz and page.quiz.live else None
        modules[page.path[: -Page.steplen]].append(
            Module(
                code=page.code,
                title=page.title,
                url=urls(page),
                summary_html=clean_rich(page.summary),
                prerequisites=tuple(sorted(row.code for row in page.prerequisites.all())),
                quiz=quiz.code if quiz else None,
                quiz_title=quiz.title if quiz else "",
                lessons=tuple(_lesson(lesson, urls(lesson), checks) for lesson in lessons[page.path]),
                checkpoints=tuple(checkpoints[page.path]),
            )
        )
    pages = CoursePage.objects.live().order_by("position", "path").prefetch_related("prerequisites")
    return Outline(
        tuple(
            Course(
                code=page.code,
                slug=page.slug_code,
                title=page.title,
                url=urls(page),
                summary_html=clean_rich(page.summary),
                prerequisites=tuple(sorted(row.code for row in page.prerequisites.all())),
                modules=tuple(modules[page.path]),
            )
            for page in pages
        )
    )


def _urls() -> Any:
    catalogue = CataloguePage.objects.live().first()
    root = catalogue.url if catalogue else "/"
    base = catalogue.url_path if catalogue else "/"

    def url(page: Page) -> str:
        return root + page.url_path.removeprefix(base)

    return url


def _lesson(page: LessonPage, url: str, checks: dict[int, str]) -> Lesson:
    return Lesson(
        code=page.code,
        title=page.title,
        url=url,
        summary=page.summary,
        minutes=page.minutes,
        check=checks.get(page.knowledge_check_id or 0),
        revision_id=page.live_revision_id,
        digest=digest_of([page.code, page.live_revision_id, page.minutes]),
        objectives=tuple(sorted(objective.code for objective in page.objectives.all())),
    )


def lesson_page(code: str) -> LessonPage | None:
    """The published page of a lesson."""
    return LessonPage.objects.live().filter(code=code).first()
