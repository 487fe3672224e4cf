"""Who signs up is a student; role groups exist after every migrate."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import user_signed_up
from django.db.models.signals import post_migrate
from django.dispatch import receiver

from .commands import ensure_roles, grant_role
from .enums import Role


@receiver(post_migrate, dispatch_uid="lms.accounts.ensure_roles")
def make_role_groups(sender: Any, using: str = "default", **kwargs: Any) -> None:
    """Groups and their permissions are part of the code, not of somebody's memory."""
    # The last app with tables: by then every app has made its permissions.
    if getattr(sender, "label", "") == "sessions":
        ensure_roles()


@receiver(user_signed_up, dispatch_uid="lms.accounts.student_by_default")
def make_student(sender: Any, user: Any, **kwargs: Any) -> None:
    """A new account studies until the school gives it another role."""
    grant_role(user=user, role=Role.STUDENT)
