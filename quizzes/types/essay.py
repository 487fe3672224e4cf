"""Essay: a text in the candidate's own words, marked by a person against a rubric."""

from __future__ import annotations

import html
import random
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from quizzes.types import draft as drafts
from quizzes.types import markup
from quizzes.types import rubric as rubrics
from quizzes.types import scoring as rules
from quizzes.types.base import (
    AnswerProblem,
    Arrangement,
    Compiled,
    CompileProblem,
    FormData,
    Outcome,
    QuestionType,
    Record,
    ScoringRule,
    gettext_noop,
    only_member,
)

if TYPE_CHECKING:
    from wagtail.blocks import Block

MOST_CHARACTERS = 50_000
MOST_WORDS = 5_000
MOST_SUMMARY = 160

# No database keeps the first, no UTF-8 the last; the rest shows nowhere and only confuses a comparison.
_UNREADABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


class EssayPresentation(Record):
    """How many words the candidate is asked to keep to; None for no limit."""

    word_limit: int | None


class EssayKey(Record):
    """The rubric, what a pass takes in the author's words, and an answer that would earn full marks."""

    rubric: rubrics.Rubric
    scoring: ScoringRule
    pass_note: str
    model_answer: str


class EssayAnswer(Record):
    """The text as written. Longer than the limit is allowed: the candidate is told, and the marker sees it."""

    text: str


class Essay:
    """A person gives points by the rubric. Here only a blank is judged: it is worth nothing."""

    slug: ClassVar[str] = "essay"
    version: ClassVar[int] = 1
    label: ClassVar[str] = gettext_noop("Essay")
    scoring_rules: ClassVar[tuple[ScoringRule, ...]] = (ScoringRule.all_or_nothing, ScoringRule.partial)
    uses_picture: ClassVar[bool] = False
    marked_by_person: ClassVar[bool] = True
    Presentation = EssayPresentation
    Key = EssayKey
    Answer = EssayAnswer

    def authoring_block(self) -> Block:
        """A word limit, the criteria, and what helps the marker."""
        from wagtail.blocks import BooleanBlock, IntegerBlock, ListBlock, StructBlock, TextBlock

        from quizzes.types import authoring

        level = StructBlock(
            [
                ("points", IntegerBlock(label="Points", min_value=0)),
                ("description", authoring.text_block("What earns them")),
            ],
            icon="list-ol",
            label="Level",
        )
        criterion = StructBlock(
            [
                ("title", authoring.text_block("Criterion", "One thing to look for, for example “The right to stop”.")),
                ("description", authoring.text_block("What to look for", required=False)),
                ("points", IntegerBlock(label="Points", default=1, min_value=1)),
                (
                    "required",
                    BooleanBlock(
                        label="Required",
                        help_text="An answer that earns nothing here is limited, however good the rest is.",
                        required=False,
                    ),
                ),
                (
                    "levels",
                    ListBlock(
                        level,
                        label="Levels",
                        help_text="Optional: what earns 0, what earns some, what earns all points. "
                        "Markers then choose one of them.",
                        default=[],
                    ),
                ),
            ],
            icon="check",
            label="Criterion",
        )
        return StructBlock(
            [
                (
                    "word_limit",
                    IntegerBlock(
                        label="Word limit",
                        help_text="What candidates are told. They may write more, and the marker sees by how much. "
                        "Leave empty for none.",
                        min_value=1,
                        required=False,
                    ),
                ),
                (
                    "criteria",
                    ListBlock(
                        criterion,
                        label="Rubric",
                        help_text="Candidates see it only once feedback is allowed. Choose the partial scoring rule, "
                        "or an answer without full points earns nothing.",
                    ),
                ),
                (
                    "cap_percent",
                    IntegerBlock(
                        label="Limit without a required criterion, in percent",
                        help_text="At most this share of the marks for an answer that earns nothing for a required "
                        "criterion. Set it below the pass mark. Leave empty if no criterion is required.",
                        min_value=0,
                        max_value=99,
                        required=False,
                    ),
                ),
                (
                    "pass_note",
                    TextBlock(
                        label="What a pass takes",
                        help_text="In plain words, for markers and for the review.",
                        required=False,
                        rows=2,
                    ),
                ),
                (
                    "model_answer",
                    TextBlock(label="Model answer", help_text="Plain text that earns all the points.", rows=6),
                ),
            ],
            icon="pilcrow",
            label=self.label,
        )

    def compile(self, value: Mapping[str, Any], scoring: ScoringRule) -> Compiled[EssayPresentation, EssayKey]:
        """Refuses a rubric that no marker could apply, and a question without a model answer."""
        rule = drafts.check_rule(scoring, self.scoring_rules)
        draft = drafts.open_draft(value, {"word_limit", "criteria", "cap_percent", "pass_note", "model_answer"})
        limit = None
        if draft.get("word_limit") is not None:
            limit = rubrics.whole_number(draft, "word_limit", "word_limit", least=1, most=MOST_WORDS)
        rubric = rubrics.read_rubric(draft)
        model_answer = _plain(draft, "model_answer")
        if not has_words(model_answer):
            raise CompileProblem(gettext_noop("This text is empty."), "model_answer")
        return Compiled(
            EssayPresentation(word_limit=limit),
            EssayKey(rubric=rubric, scoring=rule, pass_note=_plain(draft, "pass_note"), model_answer=model_answer),
        )

    def arrange(self, presentation: EssayPresentation, rng: random.Random) -> Arrangement:
        """Nothing to arrange."""
        return {}

    def interaction(self, presentation: EssayPresentation, arrangement: Arrangement) -> dict[str, Any]:
        """The word limit."""
        return {"word_limit": presentation.word_limit}

    def parse(self, presentation: EssayPresentation, arrangement: Arrangement, data: Any) -> EssayAnswer:
        """`{"text": "..."}`, kept as written; only ends of lines are made alike and unreadable characters dropped."""
        text = only_member(data, "text")
        if not isinstance(text, str):
            raise AnswerProblem(gettext_noop("The answer must be text."), "text")
        text = _readable(text)
        if len(text) > MOST_CHARACTERS:
            raise AnswerProblem(
                gettext_noop("The answer is longer than %(most)s characters."), "text", most=MOST_CHARACTERS
            )
        return EssayAnswer(text=text)

    def parse_form(
        self, presentation: EssayPresentation, arrangement: Arrangement, form: FormData
    ) -> dict[str, Any] | None:
        """A text area named `answer`."""
        text = _readable(form.get("answer") or "")
        return {"text": text} if text.strip() else None

    def serialise(self, arrangement: Arrangement, answer: EssayAnswer) -> dict[str, Any]:
        """The text."""
        return {"text": answer.text}

    def is_complete(self, presentation: EssayPresentation, answer: EssayAnswer) -> bool:
        """Any word at all: nobody but the candidate can say when a text is finished."""
        return has_words(answer.text)

    def grade(self, key: EssayKey, answer: EssayAnswer) -> Outcome:
        """None, for a person must judge; a text without a single word needs none and is worth nothing."""
        return Outcome(None if has_words(answer.text) else rules.NOTHING)

    def correct_answer(self, key: EssayKey) -> EssayAnswer:
        """The model answer."""
        return EssayAnswer(text=key.model_answer)

    def choice_feedback(self, key: EssayKey, answer: EssayAnswer | None) -> dict[str, str]:
        """Each criterion (`c1`) and its points (`c1.points`), then `pass_note` and `model_answer`."""
        feedback: dict[str, str] = {}
        for criterion in key.rubric.criteria:
            lines = [f"<strong>{criterion.title}</strong>", criterion.description]
            lines += [f"{level.points}: {level.html}" for level in criterion.levels]
            feedback[criterion.id] = "<br>".join(line for line in lines if line)
            feedback[f"{criterion.id}.points"] = str(criterion.points)
        if key.pass_note:
            feedback["pass_note"] = _paragraphs(key.pass_note)
        feedback["model_answer"] = _paragraphs(key.model_answer)
        return feedback

    def summarise(self, presentation: EssayPresentation, answer: EssayAnswer) -> str:
        """How it begins."""
        line = " ".join(answer.text.split())
        return line if len(line) <= MOST_SUMMARY else line[: MOST_SUMMARY - 1].rstrip() + "…"

    def classify(self, presentation: EssayPresentation, key: EssayKey, answer: EssayAnswer) -> list[str]:
        """None: no two texts are alike, and what they have in common only a reader sees."""
        return []

    def chance(self, presentation: EssayPresentation, key: EssayKey) -> Decimal | None:
        """Not known: there is nothing to pick from."""
        return None


def rubric_fraction(key: EssayKey, points_by_criterion: Mapping[str, Any]) -> Decimal:
    """What a marker's points are worth, 0 to 1, or RubricProblem if they do not fit the rubric."""
    points = rubrics.read_points(key.rubric, points_by_criterion)
    return rules.by_rule(key.scoring, rubrics.share_earned(key.rubric, points))


def word_count(text: str) -> int:
    """Runs of characters between white space that hold a letter or a digit: a lone dash is no word."""
    return sum(any(character.isalnum() for character in word) for word in text.split())


def has_words(text: str) -> bool:
    """Whether anything was said."""
    return any(character.isalnum() for character in text)


def _readable(text: str) -> str:
    return _UNREADABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _plain(draft: Mapping[str, Any], name: str) -> str:
    return _readable(markup.source_of(draft.get(name), name)).strip()


def _paragraphs(text: str) -> str:
    blocks = [block.strip("\n") for block in re.split(r"\n[ \t]*\n", text)]
    return "".join(f"<p>{html.escape(block).replace(chr(10), '<br>')}</p>" for block in blocks if block.strip())


QUESTION_TYPE: QuestionType[EssayPresentation, EssayKey, EssayAnswer] = Essay()
