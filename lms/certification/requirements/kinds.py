"""Every kind of requirement that a path can name."""

from __future__ import annotations

from typing import Any

from .papers import DocumentKind, FeeKind
from .practice import CaseReportsKind, PracticalKind, SessionsKind
from .study import AttendanceKind, AttestationKind, CourseKind, ExamKind

KINDS: tuple[Any, ...] = (
    CourseKind(), AttendanceKind(), ExamKind(), PracticalKind(), SessionsKind(), CaseReportsKind(), DocumentKind(),
    AttestationKind(), FeeKind(),
)  # fmt: skip
BY_SLUG: dict[str, Any] = {kind.slug: kind for kind in KINDS}
