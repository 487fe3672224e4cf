"""What a curriculum package may say. Anything else is a fault: a misspelt key must not be a silent default."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    model_validator,
)  # fmt: skip

from .map_schema import MuscleMapPart

Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=60)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$", max_length=80)]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


def moment_text(moment: datetime.datetime) -> str:
    """A moment as packages write it: ISO 8601, in UTC."""
    return moment.astimezone(datetime.UTC).isoformat().replace("+00:00", "Z")


def even_rows(table: list[list[str]]) -> list[list[str]]:
    """Each row of a table has a cell for each heading."""
    if table and len({len(row) for row in table}) != 1:
        raise ValueError("every row of the table needs as many cells as the header")
    return table


Table = Annotated[list[list[str]], AfterValidator(even_rows)]
Topic = Literal["history", "pain", "sources", "model", "technique", "effectiveness", "risk", "regulation"]
#: A moment needs its time zone: a package is read in more than one.
Moment = Annotated[AwareDatetime, PlainSerializer(moment_text, return_type=str)]


class Entry(BaseModel):
    """Base of all entries."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Provenance(Entry):
    author: str = ""
    ai_assistance: Literal["none", "edited", "drafted"] = "none"
    reviewed_by: str = ""
    reviewer_credential: str = ""
    reviewed_on: datetime.date | None = None


class DomainEntry(Entry):
    code: Code
    title: Text
    weight: int = Field(ge=0, le=100)


class SourceEntry(Entry):
    code: Code
    title: Text
    authors: str = ""
    year: int | None = Field(default=None, ge=1000, le=2100)
    publisher: str = ""
    url: str = ""
    mark: Literal["read", "bibliographic", "weak"] = "read"
    used_for: str = ""


class ClaimEntry(Entry):
    code: Code
    topic: Topic
    statement: Text
    standing: Literal["established", "supported", "limited", "contested", "historical", "outdated", "unsupported"]
    teaching: Text
    sources: list[Code] = []
    provenance: Provenance = Provenance()


class SafetyNoteEntry(Entry):
    code: Code
    section: Literal["contraindication", "endangerment", "red_flag", "special"]
    pattern: Text
    consider: str = ""
    decision: Literal["emergency", "same_day", "refer", "defer", "local", "adapt", "clear", "avoid", "light", "trained"]
    action: Text
    provenance: Provenance = Provenance()


class TermEntry(Entry):
    code: Code
    term: Text
    definition: Text


class FigureEntry(Entry):
    code: Code
    title: Text
    alt: Text
    caption: str = ""
    standing_note: str = ""
    table: Table = []
    sources: list[Code] = []
    svg: Text


class MuscleEntry(Entry):
    code: Code
    name: Text
    origin: str = ""
    insertion: str = ""
    actions: str = ""
    innervation: str = ""
    referral: str = ""
    complaint: str = ""
    caution: str = ""
    sources: list[Code] = []
    provenance: Provenance = Provenance()
    map: MuscleMapPart | None = None  # stands in maps.yaml


class ObjectiveEntry(Entry):
    """`practical` says that it is shown by doing and needs no question in writing."""

    code: Code
    domain: Code
    text: Text
    practical: bool = False


class BankEntry(Entry):
    code: Code
    title: Text
    purpose: Literal["teaching", "mock", "exam"]
    description: str = ""
    is_sample: bool = False


class StimulusEntry(Entry):
    """A story shared by several questions of one bank."""

    code: Code
    bank: Code
    title: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    text: Text


class PictureEntry(Entry):
    """A picture of a question; the file lies in the folder `pictures` of its bank."""

    file: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=100)]
    title: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    alt: Annotated[str, StringConstraints(min_length=1, max_length=500)]


class QuestionEntry(Entry):
    code: Code
    bank: Code
    type: Text
    objective: Code
    domain: Code
    cognitive_level: Literal["recall", "application", "analysis"]
    claims: list[Code] = []
    safety_notes: list[Code] = []
    scoring: Literal["all_or_nothing", "partial"] = "all_or_nothing"
    tags: list[str] = []
    vignette: bool = False
    enemies: list[Code] = []
    life_cycle: Literal["draft", "pilot", "live", "retired"] = "live"
    stimulus: Code | None = None
    stem: Text
    picture: PictureEntry | None = None
    interaction: dict[str, Any]
    rationale: Text
    provenance: Provenance = Provenance()


class DrawRule(Entry):
    count: int = Field(ge=1, le=200)
    domain: Code | None = None
    level: Literal["recall", "application", "analysis"] | None = None
    tag: str = ""
    pilot: bool = False


class Draw(Entry):
    bank: Code
    rules: list[DrawRule] = Field(min_length=1)
    max_per_objective: int | None = Field(default=None, ge=1)
    marks: Decimal = Decimal(1)


class CaseSets(Entry):
    """So many whole cases of a bank, with the first questions of each by their codes."""

    bank: Code
    sets: int = Field(ge=1, le=20)
    items_per_set: int = Field(ge=2, le=20)
    marks: Decimal = Field(default=Decimal(1), ge=0)


class SectionEntry(Entry):
    """A part of an assessment: named questions, a draw by a blueprint, or whole cases."""

    items: list[Code] = []
    marks: Decimal | None = Field(default=None, ge=0)
    draw: Draw | None = None
    case_sets: CaseSets | None = None

    @model_validator(mode="after")
    def is_one_thing(self) -> SectionEntry:
        """Exactly one of the three; marks stand beside named questions only, the others have their own."""
        if [bool(self.items), self.draw is not None, self.case_sets is not None].count(True) != 1:
            raise ValueError("give either items, a draw or case_sets")
        if self.marks is not None and not self.items:
            raise ValueError("marks belong inside the draw or the case_sets")
        return self


class Hurdle(Entry):
    domain: Code
    percent: Decimal = Field(ge=0, le=100)


class AssessmentEntry(Entry):
    code: Slug
    title: Text
    kind: Literal["check", "practice", "quiz", "mock", "exam"]
    lesson: Code | None = None
    module: Code | None = None
    intro: str = ""
    form_policy: Literal["fixed", "drawn"] = "drawn"
    forms: int = Field(default=1, ge=1, le=6)
    items: list[Code] = []
    draw: Draw | None = None
    sections: list[SectionEntry] = []
    cut_percent: Decimal = Field(default=Decimal(80), ge=0, le=100)
    cut_basis: Literal["study", "interim"] = "interim"
    hurdles: list[Hurdle] = []
    time_limit_minutes: int | None = Field(default=None, ge=1)
    opens_at: Moment | None = None
    starts_until: Moment | None = None
    closes_at: Moment | None = None
    max_attempts: int | None = Field(default=None, ge=1)
    attempts_window_days: int | None = Field(default=None, ge=1)
    cooldown_minutes: int | None = Field(default=None, ge=1)
    feedback: Literal["immediate", "after_submit", "after_close", "never"] = "after_submit"
    results: Literal["at_once", "held"] = "at_once"
    domain_report: Literal["scores", "bands", "none"] = "scores"
    navigation: Literal["free", "one_way"] = "free"
    shuffle_items: bool = True
    asks_certainty: bool = False
    needs_authorisation: bool = False
    needs_sitting: bool = False
    needs_second_marker: bool = False
    retake_needs_remediation: bool = False

    @model_validator(mode="before")
    @classmethod
    def checks_are_gentle(cls, data: Any) -> Any:
        """A check gives feedback at once and cannot be failed, unless it says otherwise."""
        if isinstance(data, dict) and data.get("kind") == "check":
            return {"cut_percent": 0, "feedback": "immediate", "domain_report": "none", "shuffle_items": False, **data}
        return data

    @model_validator(mode="after")
    def has_items(self) -> AssessmentEntry:
        """Named questions, a draw or sections: one of them, and not none."""
        if [bool(self.items), self.draw is not None, bool(self.sections)].count(True) != 1:
            raise ValueError("give either items, a draw or sections")
        return self


class CourseEntry(Entry):
    code: Code
    title: Text
    slug: Slug
    summary: Text
    position: int = Field(ge=0)
    prerequisites: list[Code] = []
    modules: list[Code] = []


class ModuleEntry(Entry):
    code: Code
    course: Code
    title: Text
    slug: Slug
    summary: Text
    position: int = Field(ge=0)
    prerequisites: list[Code] = []
    quiz: Slug | None = None
    objectives: list[ObjectiveEntry] = []
    lessons: list[Slug] = []


class CheckpointEntry(Entry):
    """A page of a module for a quiz that may be taken and need not be passed; said in the list `checkpoints`."""

    code: Code
    module: Code
    title: Text
    slug: Slug
    intro: str = ""
    assessment: Slug


class LessonEntry(Entry):
    code: Code
    module: Code
    title: Text
    slug: Slug
    minutes: int = Field(ge=1, le=600)
    summary: Text
    why: Text
    objectives: list[Code] = []
    sources: list[Code] = []
    safety_notes: list[Code] = []
    provenance: Provenance = Provenance()
    last_revised: datetime.date | None = None
    body: list[dict[str, Any]]


class AgreementEntry(Entry):
    code: Slug
    kind: Literal["terms", "privacy", "honour", "attestation"]
    title: Text
    text: Text


class StationEntry(Entry):
    code: Code
    title: Text
    minutes: int = Field(default=15, ge=1, le=240)
    briefing: str = ""
    criteria: list[Text] = Field(min_length=1)


class PracticalEntry(Entry):
    code: Slug
    title: Text
    instructions: str = ""
    pass_percent: int = Field(default=70, ge=1, le=100)
    examiners_needed: int = Field(default=1, ge=1, le=2)
    stations: list[StationEntry] = Field(min_length=1)
    critical_fails: list[Text] = []


class HomeEntry(Entry):
    title: Text
    lead: Text
    intro: str = ""


class CatalogueEntry(Entry):
    title: Text
    intro: str = ""


class SiteEntry(Entry):
    """The package as a whole, and the two pages above the courses."""

    code: Literal["site"] = "site"
    format: Literal[1]
    title: Text
    language: str = "en-gb"
    home: HomeEntry
    catalogue: CatalogueEntry
