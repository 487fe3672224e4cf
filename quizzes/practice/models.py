"""Practice: a card per person and question with its memory state, and every review that was made."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from lms.core.record import Record, immutable_uuid
from quizzes.bank.models import Question, QuestionVersion

User = settings.AUTH_USER_MODEL


class PracticeCard(models.Model):
    """A question in a person's practice. The schedule is a summary of the reviews and can be worked out again."""

    uuid = immutable_uuid()
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="practice_cards")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="practice_cards")
    memory = models.JSONField(help_text="State of the FSRS scheduler.")
    due_at = models.DateTimeField()
    shown_version = models.ForeignKey(
        QuestionVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    shown_arrangement = models.JSONField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["due_at"]
        constraints = [
            models.UniqueConstraint(fields=["user", "question"], name="one_practice_card_per_person_and_question"),
        ]
        indexes = [models.Index(fields=["user", "due_at"], name="due_practice_of_a_person")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.question_id}"


class PracticeReview(Record):
    """One answer in practice, what it was worth, and how well it was remembered (1 again .. 4 easy)."""

    uuid = immutable_uuid()
    card = models.ForeignKey(PracticeCard, on_delete=models.PROTECT, related_name="reviews")
    version = models.ForeignKey(QuestionVersion, on_delete=models.PROTECT, related_name="practice_reviews")
    arrangement = models.JSONField()
    data = models.JSONField(null=True)
    fraction = models.DecimalField(max_digits=9, decimal_places=8, null=True)
    rating = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    due_at = models.DateTimeField()

    class Meta:
        ordering = ["card", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(rating__range=(1, 4)), name="a_practice_rating_is_1_to_4"),
            models.CheckConstraint(
                condition=Q(fraction=None) | Q(fraction__range=(0, 1)), name="a_practice_fraction_lies_between_0_and_1"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.card_id}: {self.rating}"
