"""People: who they are, how they sign in, what they agreed to, and the conditions they need."""

from __future__ import annotations

import secrets
import zoneinfo
from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from lms.core.digest import digest_of_text
from lms.core.record import Record, digest_field, immutable_uuid

from .enums import AgreementKind, Motion, Role, Spacing, TextSize, Theme, Tint, Typeface

DEFAULT_PREFERENCES: dict[str, Any] = {
    "theme": Theme.AUTO.value,
    "font": Typeface.SERIF.value,
    "size": TextSize.MEDIUM.value,
    "spacing": Spacing.NORMAL.value,
    "tint": Tint.NONE.value,
    "motion": Motion.AUTO.value,
    "timer_hidden": False,
}


#: Names in the IANA data base that are no places; browsers do not know them.
NO_PLACES = frozenset({"localtime", "Factory", "posixrules"})


def time_zones() -> list[str]:
    """Names of time zones that a person can choose."""
    return sorted(zoneinfo.available_timezones() - NO_PLACES)


def validate_time_zone(value: str) -> None:
    """Only names of the IANA data base."""
    if value not in zoneinfo.available_timezones() - NO_PLACES:
        raise ValidationError(_("“%(value)s” is not a time zone."), params={"value": value})


class UserManager(BaseUserManager["User"]):
    """People are found and made by e-mail address, whatever its case."""

    use_in_migrations = True

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username or "")

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Make a person; without a password they must reset it first."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Make a person with every right on the site and in the CMS."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person. One account may be candidate, learner, holder and member of staff at once.

    The legal name is one free field, as people write it themselves; a certificate freezes it at issue. Accounts are
    deactivated and pseudonymised, never deleted: the record points at them.
    """

    uuid = immutable_uuid()
    email = models.EmailField(_("e-mail address"), unique=True)
    display_name = models.CharField(
        _("name"), max_length=120, blank=True, help_text=_("How the school and others see you.")
    )
    legal_name = models.CharField(
        _("legal name"), max_length=200, blank=True, help_text=_("As it should stand on a certificate.")
    )
    sort_name = models.CharField(
        _("name for sorting"), max_length=200, blank=True, help_text=_("Family name first, for registers.")
    )
    language = models.CharField(_("language"), max_length=10, default="en-gb")
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC", validators=[validate_time_zone])
    preferences = models.JSONField(_("reading preferences"), default=dict, blank=True)
    is_staff = models.BooleanField(_("may enter the CMS"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["sort_name", "email"]
        constraints = [models.UniqueConstraint(Lower("email"), name="one_account_per_email_whatever_its_case")]

    def __str__(self) -> str:
        return self.get_full_name()

    def get_full_name(self) -> str:
        """The name shown to others."""
        return self.display_name or self.legal_name or self.email

    def get_short_name(self) -> str:
        """The name used in a greeting."""
        return self.get_full_name()

    @cached_property
    def role_codes(self) -> frozenset[str]:
        """Codes of the person's roles, read once per request. A superuser is an administrator too."""
        return self.roles_among(self.groups.values_list("name", flat=True))

    def roles_among(self, group_names: Iterable[str]) -> frozenset[str]:
        """The codes of roles among the names of groups."""
        codes = {name for name in group_names if name in Role.values}
        if self.is_superuser:
            codes.add(Role.ADMIN.value)
        return frozenset(codes)

    def has_role(self, *roles: str) -> bool:
        """True when the person holds one of these roles."""
        return self.is_active and bool(self.role_codes.intersection(roles))

    @property
    def reading_preferences(self) -> dict[str, Any]:
        """All preferences, defaults filled in."""
        return {**DEFAULT_PREFERENCES, **self.preferences}


KEY_PREFIX = "nmt_"


class ApiToken(models.Model):
    """A key for scripts. Only its digest is stored; the key is shown once, when it is made."""

    uuid = immutable_uuid()
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="access_keys")
    name = models.CharField(_("name"), max_length=80, blank=True)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    hint = models.CharField(max_length=12, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.hint}…"

    @staticmethod
    def new_key() -> str:
        """A fresh key: recognisable prefix and 256 random bits."""
        return KEY_PREFIX + secrets.token_urlsafe(32)


class Agreement(Record):
    """A text that people agree to, one row per version; the text of a version never changes."""

    uuid = immutable_uuid()
    code = models.SlugField(max_length=80)
    version = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=AgreementKind.choices)
    title = models.CharField(max_length=200)
    text = models.TextField()
    digest = digest_field()
    published_at = models.DateTimeField()

    class Meta:
        ordering = ["code", "-version"]
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="one_text_per_agreement_version")]

    def __str__(self) -> str:
        return f"{self.title} (v{self.version})"

    @staticmethod
    def digest_for(title: str, text: str) -> str:
        """Digest under which a person accepts the text."""
        return digest_of_text(f"{title}\n{text}")


class Acceptance(Record):
    """A person accepted one version of an agreement, at a time, word for word."""

    uuid = immutable_uuid()
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="acceptances")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="acceptances")
    digest = digest_field()
    accepted_at = models.DateTimeField()
    context = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["-accepted_at"]
        constraints = [models.UniqueConstraint(fields=["agreement", "user"], name="one_acceptance_per_person_and_text")]

    def __str__(self) -> str:
        return f"{self.user} accepted {self.agreement}"


class AccommodationProfile(Record):
    """Standing conditions that a person needs in every timed assessment. The latest profile in force counts.

    The factor multiplies a time limit (1.25 = a quarter more), `extra_minutes` is added after it. The medical reason
    is kept in a table apart, which markers and instructors never read.
    """

    uuid = immutable_uuid()
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="accommodation_profiles")
    time_factor = models.DecimalField(max_digits=4, decimal_places=2, default=1, validators=[MinValueValidator(1)])
    extra_minutes = models.PositiveSmallIntegerField(default=0)
    break_minutes = models.PositiveSmallIntegerField(default=0)
    notes_for_invigilators = models.CharField(max_length=300, blank=True)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField()

    erasable_fields = ("notes_for_invigilators",)

    class Meta:
        ordering = ["-valid_from", "-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(time_factor__gte=1), name="accommodation_never_shortens_time"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: ×{self.time_factor} + {self.extra_minutes} min"


class AccommodationReason(Record):
    """The medical reason behind a profile, kept apart and read by the registrar alone."""

    profile = models.OneToOneField(AccommodationProfile, on_delete=models.PROTECT, related_name="reason")
    text = models.TextField()

    erasable_fields = ("text",)

    def __str__(self) -> str:
        return "Reason (confidential)"


class OutgoingMail(models.Model):
    """The outbox: a message that is owed to somebody, sent once, whatever happens in between."""

    uuid = immutable_uuid()
    key = models.CharField(max_length=200, unique=True, help_text=_("What it is about: the same is never sent twice."))
    to = models.ForeignKey(User, on_delete=models.CASCADE, related_name="outgoing_mail")
    template = models.CharField(max_length=80)
    context = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["id"], condition=models.Q(sent_at=None), name="mail_that_waits"),
        ]

    def __str__(self) -> str:
        return f"{self.template} to {self.to_id}"
