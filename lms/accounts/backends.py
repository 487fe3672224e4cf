"""Signing in is allauth's; who a session belongs to is read together with the roles."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.models import Group
from django.db.models import Aggregate, CharField, OuterRef, Subquery

from .models import User


class Joined(Aggregate):
    """Texts of a group of rows in one, with commas: the same on both databases."""

    function = "GROUP_CONCAT"
    output_field = CharField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """PostgreSQL wants the comma said."""
        return self.as_sql(compiler, connection, function="STRING_AGG", template="%(function)s(%(expressions)s, ',')")


class SessionBackend(AuthenticationBackend):
    """One statement for the person and the roles, since nearly every request asks for both."""

    def get_user(self, user_id: Any) -> User | None:
        """The active person with this primary key."""
        names = Group.objects.filter(user=OuterRef("pk")).order_by().values("user").annotate(names=Joined("name"))
        user = User.objects.filter(pk=user_id).annotate(group_names=Subquery(names.values("names"))).first()
        if user is None or not self.user_can_authenticate(user):
            return None
        user.__dict__["role_codes"] = user.roles_among((user.group_names or "").split(","))
        return user
