"""The question types there are: each module here that defines `QUESTION_TYPE`. Nobody lists them."""

from __future__ import annotations

import importlib
import pkgutil
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import quizzes.types
from quizzes.types.base import QuestionType

AnyType = QuestionType[Any, Any, Any]

# Looking into this one would import Wagtail.
_NOT_A_TYPE = {"authoring", "registry"}


class UnknownQuestionType(LookupError):
    """A slug that no type has: a typing error, or a record from a version with more types."""

    def __init__(self, slug: str) -> None:
        super().__init__(f"There is no question type {slug!r}.")
        self.slug = slug


@lru_cache(maxsize=1)
def types_by_slug() -> MappingProxyType[str, AnyType]:
    """Slug -> type, in the order of the slugs."""
    found: dict[str, AnyType] = {}
    for module in sorted(info.name for info in pkgutil.iter_modules(quizzes.types.__path__)):
        if module in _NOT_A_TYPE:
            continue
        question_type: AnyType | None = getattr(
            importlib.import_module(f"quizzes.types.{module}"), "QUESTION_TYPE", None
        )
        if question_type is None:
            continue
        # Templates, tests and stored records find each other by this one name.
        if question_type.slug != module:
            raise RuntimeError(f"Module {module} defines the question type {question_type.slug}.")
        found[module] = question_type
    return MappingProxyType(found)


def all_types() -> tuple[AnyType, ...]:
    """Every type there is."""
    return tuple(types_by_slug().values())


def get(slug: str) -> AnyType:
    """The type with this slug, or UnknownQuestionType."""
    try:
        return types_by_slug()[slug]
    except KeyError:
        raise UnknownQuestionType(slug) from None
