"""What every question type promises, as tests. A type's own test module subclasses the suite once.

class TestContract(QuestionTypeContract):
    question_type = registry.get("single_choice")
    cases = strategies.single_choice()
    answers and form_of as below
"""

from __future__ import annotations

import json
import random
from decimal import Decimal
from typing import Any, ClassVar

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizzes.types.base import AnswerProblem, Arrangement, QuestionType, ScoringRule
from tests.quizzes.types.strategies import CANARY, Case, Form, junk, junk_forms

# One suite is run by several classes, which Hypothesis would otherwise take for a mistake.
contract_settings = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.differing_executors, HealthCheck.too_slow],
)
seeds = st.integers(0, 2**32)


def is_a_sentence(message: str) -> None:
    """A refusal speaks to a person, and does not repeat what may be a megabyte of junk."""
    assert 5 < len(message) < 200


class QuestionTypeContract:
    """Subclass as `TestContract`; the three attributes and two methods below describe the type."""

    question_type: ClassVar[QuestionType[Any, Any, Any]]
    cases: ClassVar[st.SearchStrategy[Case]]

    def answers(self, interaction: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
        """API answers of the right shape, incomplete ones included."""
        raise NotImplementedError

    def form_of(self, data: dict[str, Any]) -> dict[str, list[str]]:
        """What a browser posts for such an answer."""
        raise NotImplementedError

    def shown(self, case: Case, seed: int) -> tuple[Any, Any, Arrangement]:
        """A compiled case and an arrangement of it."""
        compiled = self.question_type.compile(case.draft, case.scoring)
        return (
            compiled.presentation,
            compiled.key,
            self.question_type.arrange(compiled.presentation, random.Random(seed)),
        )

    def test_the_slug_names_the_module(self) -> None:
        assert type(self.question_type).__module__ == f"quizzes.types.{self.question_type.slug}"
        assert self.question_type.version >= 1
        assert ScoringRule.all_or_nothing in self.question_type.scoring_rules

    @contract_settings
    @given(data=st.data(), seed=seeds)
    def test_the_key_earns_full_marks(self, data: st.DataObject, seed: int) -> None:
        presentation, key, arrangement = self.shown(data.draw(self.cases), seed)
        correct = self.question_type.correct_answer(key)
        sent = self.question_type.serialise(arrangement, correct)
        received = self.question_type.parse(presentation, arrangement, sent)
        assert self.question_type.is_complete(presentation, correct)
        full = None if self.question_type.marked_by_person else Decimal(1)
        assert self.question_type.grade(key, correct).fraction == full
        assert self.question_type.grade(key, received).fraction == full

    @contract_settings
    @given(data=st.data(), seed=seeds)
    def test_an_answer_survives_the_round_trip(self, data: st.DataObject, seed: int) -> None:
        presentation, _, arrangement = self.shown(data.draw(self.cases), seed)
        interaction = self.question_type.interaction(presentation, arrangement)
        sent = data.draw(self.answers(interaction))
        answer = self.question_type.parse(presentation, arrangement, sent)
        echoed = self.question_type.serialise(arrangement, answer)
        assert self.question_type.parse(presentation, arrangement, json.loads(json.dumps(echoed))) == answer
        stored = json.loads(json.dumps(answer.model_dump(mode="json")))
        assert self.question_type.Answer.model_validate(stored) == answer

    @contract_settings
    @given(data=st.data(), seed=seeds)
    def test_a_fraction_lies_between_nothing_and_everything(self, data: st.DataObject, seed: int) -> None:
        case = data.draw(self.cases)
        presentation, key, arrangement = self.shown(case, seed)
        sent = data.draw(self.answers(self.question_type.interaction(presentation, arrangement)))
        answer = self.question_type.parse(presentation, arrangement, sent)
        fraction = self.question_type.grade(key, answer).fraction
        if self.question_type.marked_by_person:
            # Whatever was said waits for a person; only a blank is judged here.
            assert fraction == (None if self.question_type.is_complete(presentation, answer) else 0)
            return
        assert fraction is not None
        assert 0 <= fraction <= 1
        if case.scoring is ScoringRule.all_or_nothing:
            assert fraction in (0, 1)
        if fraction == 1:
            assert self.question_type.is_complete(presentation, answer)

    @contract_settings
    @given(data=st.data(), seed=seeds)
    def test_reports_can_be_made_of_any_answer(self, data: st.DataObject, seed: int) -> None:
        presentation, key, arrangement = self.shown(data.draw(self.cases), seed)
        sent = data.draw(self.answers(self.question_type.interaction(presentation, arrangement)))
        answer = self.question_type.parse(presentation, arrangement, sent)
        assert "\n" not in self.question_type.summarise(presentation, answer)
        classes = self.question_type.classify(presentation, key, answer)
        assert len(set(classes)) == len(classes)
        feedback = self.question_type.choice_feedback(key, answer)
        assert all(isinstance(text, str) and text for text in feedback.values())
        chance = self.question_type.chance(presentation, key)
        assert chance is None or 0 <= chance <= 1

    @contract_settings
    @given(data=st.data(), seed=seeds)
    def test_an_arrangement_is_a_permutation_that_depends_on_the_seed_alone(
        self, data: st.DataObject, seed: int
    ) -> None:
        presentation, _, arrangement = self.shown(data.draw(self.cases), seed)
        again = self.question_type.arrange(presentation, random.Random(seed))
        other = self.question_type.arrange(presentation, random.Random(seed + 1))
        assert json.loads(json.dumps(arrangement)) == arrangement == again
        assert {group: sorted(shown) for group, shown in other.items()} == {
            group: sorted(shown) for group, shown in arrangement.items()
        }
        for shown in arrangement.values():
            assert len(set(shown)) == len(shown)

    @contract_settings
    @given(data=st.data(), seed=seeds)
    def test_a_candidate_cannot_tell_a_draft_from_its_twin(self, data: st.DataObject, seed: int) -> None:
        case = data.draw(self.cases)
        one = self.question_type.compile(case.draft, case.scoring).presentation
        twin = self.question_type.compile(case.twin, case.twin_scoring).presentation
        assert one.model_dump_json() == twin.model_dump_json()
        arranged = [self.question_type.arrange(each, random.Random(seed)) for each in (one, twin)]
        assert arranged[0] == arranged[1]
        shown = json.dumps(self.question_type.interaction(one, arranged[0]))
        assert shown == json.dumps(self.question_type.interaction(twin, arranged[1]))
        assert CANARY not in shown + one.model_dump_json()

    @contract_settings
    @given(data=st.data())
    def test_both_halves_survive_storage(self, data: st.DataObject) -> None:
        case = data.draw(self.cases)
        compiled = self.question_type.compile(case.draft, case.scoring)
        presentation = json.loads(json.dumps(compiled.presentation.model_dump(mode="json")))
        key = json.loads(json.dumps(compiled.key.model_dump(mode="json")))
        assert self.question_type.Presentation.model_validate(presentation) == compiled.presentation
        assert self.question_type.Key.model_validate(key) == compiled.key

    @contract_settings
    @given(data=st.data(), seed=seeds)
    def test_a_form_says_the_same_as_the_api(self, data: st.DataObject, seed: int) -> None:
        presentation, _, arrangement = self.shown(data.draw(self.cases), seed)
        sent = data.draw(self.answers(self.question_type.interaction(presentation, arrangement)))
        posted = Form(self.form_of(sent))
        read = self.question_type.parse_form(presentation, arrangement, posted)
        if read is None:
            assert not any(value.strip() for values in posted.values.values() for value in values)
            return
        parse = self.question_type.parse
        assert parse(presentation, arrangement, read) == parse(presentation, arrangement, sent)

    @contract_settings
    @given(data=st.data(), seed=seeds, sent=junk)
    def test_malformed_data_is_refused_and_nothing_else(self, data: st.DataObject, seed: int, sent: Any) -> None:
        presentation, _, arrangement = self.shown(data.draw(self.cases), seed)
        try:
            answer = self.question_type.parse(presentation, arrangement, sent)
        except AnswerProblem as problem:
            is_a_sentence(problem.message)
        else:
            assert isinstance(answer, self.question_type.Answer)

    @contract_settings
    @given(data=st.data(), seed=seeds, form=junk_forms)
    def test_a_malformed_form_is_refused_and_nothing_else(self, data: st.DataObject, seed: int, form: Form) -> None:
        presentation, _, arrangement = self.shown(data.draw(self.cases), seed)
        try:
            read = self.question_type.parse_form(presentation, arrangement, form)
            if read is not None:
                self.question_type.parse(presentation, arrangement, read)
        except AnswerProblem as problem:
            is_a_sentence(problem.message)

    @contract_settings
    @given(data=st.data(), seed=seeds)
    def test_a_blank_form_is_no_answer(self, data: st.DataObject, seed: int) -> None:
        presentation, _, arrangement = self.shown(data.draw(self.cases), seed)
        assert self.question_type.parse_form(presentation, arrangement, Form({})) is None
