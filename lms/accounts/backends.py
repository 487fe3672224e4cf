"""Signing in is allauth's; who a session belongs to is read together with the roles."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.models import Group
from django.db.models import Aggregate, BigAutoField, CharField, OuterRef, QuerySet, Subquery

from lms.core.prepared import Param, Prepared

from .models import User


class Joined(Aggregate):
    """Texts of a group of rows in one, with commas: the same on both databases."""

    function = "GROUP_CONCAT"
    output_field = CharField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """PostgreSQL wants the comma said."""
        return self.as_sql(compiler, connection, function="STRING_AGG", template="%(function)s(%(expressions)s, ',')")


def _with_group_names() -> QuerySet[User]:
    names = Group.objects.filter(user=OuterRef("pk")).order_by().values("user").annotate(names=Joined("name"))
    people = User.objects.filter(pk=Param(0, BigAutoField())).order_by()
    return people.annotate(group_names=Subquery(names.values("names")))


PERSON = Prepared(_with_group_names)


class SessionBackend(AuthenticationBackend):
    """One statement for the person and the roles, since nearly every request asks for both."""

    def get_user(self, user_id: Any) -> User | None:
        """The active person with this primary key."""
        user = PERSON.one(user_id)
        if user is None or not self.user_can_authenticate(user):
            return None
        user.__dict__["role_codes"] = user.roles_among((user.group_names or "").split(","))
        return user
