"""Pieces of the editor that several types share.

The one module here that imports Wagtail, and so the one that is imported late: from inside `authoring_block`.
"""

from __future__ import annotations

from typing import Any

from wagtail.blocks import (
    BooleanBlock,
    ChoiceBlock,
    ListBlock,
    RichTextBlock,
    StreamBlock,
    StructBlock,
    TextBlock,
)

INLINE_FEATURES = ["bold", "italic", "superscript", "subscript"]


def text_block(label: str, help_text: str = "", *, required: bool = True) -> RichTextBlock:
    """A short text with emphasis and raised or lowered characters, and nothing else."""
    return RichTextBlock(features=INLINE_FEATURES, label=label, help_text=help_text, required=required)


def shuffle_block() -> BooleanBlock:
    """Whether each candidate gets an order of their own."""
    return BooleanBlock(
        label="Shuffle the choices",
        help_text="Each candidate sees them in another order; “all of the above” and the like stay last. "
        "Switch it off where the order carries meaning, as with sizes or dates.",
        required=False,
        default=True,
    )


def choices_block(key_help: str) -> ListBlock:
    """A list of choices, each with its key and what to say about it."""
    choice = StructBlock(
        [
            ("text", text_block("Choice")),
            ("key", BooleanBlock(label="This is right", help_text=key_help, required=False)),
            (
                "feedback",
                text_block(
                    "Feedback",
                    "Shown once feedback is allowed: why this choice is right, or what speaks against it.",
                    required=False,
                ),
            ),
        ],
        icon="list-ul",
        label="Choice",
    )
    return ListBlock(
        choice,
        label="Choices",
        help_text="Make them alike in length and grammar, so that only knowledge tells them apart.",
    )


def typo_tolerance_block() -> BooleanBlock:
    """Whether slips of the hand are forgiven."""
    return BooleanBlock(
        label="Forgive slips",
        help_text="One slip in a word of 5 letters or more, two from 9 letters on; never in numbers, never with a "
        "wildcard, and never where it makes another term (abduction, adduction). The preview shows examples.",
        required=False,
    )


def samples_block() -> TextBlock:
    """Texts to try the accepted answers on."""
    return TextBlock(
        label="Try these",
        help_text="Texts that candidates might write, one a line. The preview tells which would be accepted, and why. "
        "They are no part of the question.",
        required=False,
        rows=3,
    )


class KindsBlock(StreamBlock):
    """Rows of several kinds. In plain data, as in a curriculum package, a row names its `kind` among its parts."""

    def normalize(self, value: Any) -> Any:
        """Plain data, or whatever Wagtail takes."""
        if isinstance(value, list) and all(isinstance(row, dict) and "kind" in row for row in value):
            value = [(row["kind"], {name: part for name, part in row.items() if name != "kind"}) for row in value]
        return super().normalize(value)


class TrueFalseBlock(ChoiceBlock):
    """Two named choices with a real boolean behind them. A tick box could not say "not decided yet"."""

    choices = [("true", "True"), ("false", "False")]

    def value_for_form(self, value: Any) -> Any:
        """True and False as the form field knows them."""
        return {True: "true", False: "false"}.get(value, value)

    def value_from_form(self, value: Any) -> Any:
        """The form field's word as a boolean; a blank stays undecided."""
        return {"true": True, "false": False, "": None}.get(value, value)

    def to_python(self, value: Any) -> Any:
        """Stored JSON, or a word from a file, as a boolean."""
        return self.value_from_form(value)

    def normalize(self, value: Any) -> Any:
        """A default given either way."""
        return self.value_from_form(value)

    def clean(self, value: Any) -> Any:
        """Validate as the form would, and keep the boolean."""
        return self.value_from_form(self.field.clean(self.value_for_form(value)))

    class Meta:
        """Wagtail's display options."""

        icon = "tick-inverse"
