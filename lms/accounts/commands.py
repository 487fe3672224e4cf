"""Changes to people: roles, keys, agreements, accommodation."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group, Permission
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from lms.core.digest import digest_of_text
from lms.core.record import TOMBSTONE

from .enums import CMS_ROLES, Role
from .models import Acceptance, AccommodationProfile, AccommodationReason, Agreement, ApiToken, User
from .signals import accommodation_granted

TOKEN_LIFETIME = timedelta(days=365)


#: What each role may do in the CMS, by app label and model; `*` stands for every model of the app. Nobody deletes.
CMS_RIGHTS: dict[str, dict[str, tuple[str, ...]]] = {
    Role.INSTRUCTOR: {
        "wagtailadmin.admin": ("access",),
        "knowledge.*": ("add", "change", "view"),
        "quizzes.question": ("add", "change", "view", "publish", "lock"),
        "quizzes.stimulus": ("add", "change", "view"),
        "quizzes.picture": ("add", "change", "view"),
        "quizzes.assessment": ("add", "change", "view", "publish", "lock"),
        "quizzes.bank": ("view",),
    },
    Role.EXAMINER: {
        "wagtailadmin.admin": ("access",),
        "quizzes.question": ("add", "change", "view", "publish", "lock"),
        "quizzes.stimulus": ("add", "change", "view"),
        "quizzes.picture": ("add", "change", "view"),
        "quizzes.assessment": ("add", "change", "view", "publish", "lock"),
        "quizzes.bank": ("add", "change", "view"),
    },
    Role.ADMIN: {
        "wagtailadmin.admin": ("access",),
        "knowledge.*": ("add", "change", "view"),
        "quizzes.question": ("add", "change", "view", "publish", "lock", "unlock"),
        "quizzes.stimulus": ("add", "change", "view"),
        "quizzes.picture": ("add", "change", "view"),
        "quizzes.assessment": ("add", "change", "view", "publish", "lock", "unlock"),
        "quizzes.bank": ("add", "change", "view"),
        "certification.path": ("add", "change", "view", "publish"),
        "practicals.practical": ("add", "change", "view", "publish"),
        "courses.schoolsettings": ("change",),
        "accounts.user": ("add", "change", "view"),
        "wagtailimages.image": ("add", "change", "view"),
        "wagtailcore.workflow": ("add", "change", "view"),
    },
}


def ensure_roles() -> None:
    """Make the group of each role, with exactly the rights of `CMS_RIGHTS`. Run after every migrate."""
    for code in Role.values:
        group, _created = Group.objects.get_or_create(name=code)
        wanted = Q(pk=None)
        for target, actions in CMS_RIGHTS.get(code, {}).items():
            label, model = target.split(".")
            names = Q(codename__in=[f"{action}_{model}" for action in actions])
            if model == "*":
                names = Q(codename__regex=rf"^({'|'.join(actions)})_")
            wanted |= Q(content_type__app_label=label) & names
        group.permissions.set(Permission.objects.filter(wanted))


def grant_role(*, user: User, role: str) -> None:
    """Give a role; staff who author may enter the CMS."""
    group, _created = Group.objects.get_or_create(name=Role(role).value)
    user.groups.add(group)
    user.__dict__.pop("role_codes", None)
    if role in CMS_ROLES and not user.is_staff:
        user.is_staff = True
        user.save(update_fields=["is_staff"])


def issue_api_token(*, user: User, name: str = "", at: datetime) -> tuple[ApiToken, str]:
    """Make a key for scripts; the plain key is returned this once and stored nowhere."""
    key = ApiToken.new_key()
    token = ApiToken.objects.create(
        user=user,
        name=name[:80],
        digest=digest_of_text(key),
        hint=key[:8],
        created_at=at,
        expires_at=at + TOKEN_LIFETIME,
    )
    return token, key


def revoke_api_token(*, token: ApiToken, at: datetime) -> None:
    """The key stops working at once."""
    ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=at)


@transaction.atomic
def publish_agreement(*, code: str, kind: str, title: str, text: str, at: datetime) -> tuple[Agreement, bool]:
    """A new version of an agreement when its words changed, else the version in force. Returns (row, is new)."""
    digest = Agreement.digest_for(title, text)
    current = Agreement.objects.filter(code=code).order_by("-version").first()
    if current and current.digest == digest:
        return current, False
    version = current.version + 1 if current else 1
    return (
        Agreement.objects.create(
            code=code, version=version, kind=kind, title=title, text=text, digest=digest, published_at=at
        ),
        True,
    )


def accept_agreement(*, agreement: Agreement, user: User, context: str = "", at: datetime) -> Acceptance:
    """Record that a person accepted a text; a second time changes nothing."""
    try:
        with transaction.atomic():
            return Acceptance.objects.create(
                agreement=agreement, user=user, digest=agreement.digest, accepted_at=at, context=context
            )
    except IntegrityError:
        return Acceptance.objects.get(agreement=agreement, user=user)


@transaction.atomic
def grant_accommodation(
    *,
    user: User,
    time_factor: Decimal = Decimal(1),
    extra_minutes: int = 0,
    break_minutes: int = 0,
    notes_for_invigilators: str = "",
    reason: str = "",
    valid_until: datetime | None = None,
    by: User,
    at: datetime,
) -> AccommodationProfile:
    """Approve standing conditions; they hold in every timed assessment, those that run now included."""
    profile = AccommodationProfile.objects.create(
        user=user,
        time_factor=time_factor,
        extra_minutes=extra_minutes,
        break_minutes=break_minutes,
        notes_for_invigilators=notes_for_invigilators,
        valid_from=at,
        valid_until=valid_until,
        approved_by=by,
        approved_at=at,
    )
    if reason:
        AccommodationReason.objects.create(profile=profile, text=reason)
    transaction.on_commit(lambda: accommodation_granted.send(sender=AccommodationProfile, profile=profile))
    return profile


def pseudonymise(*, user: User, at: datetime | None = None) -> None:
    """Erase who a person was while the record keeps its rows: name, address, keys and free settings go."""
    moment = at or timezone.now()
    with transaction.atomic():
        user.email = f"erased-{user.uuid.hex}@invalid.example"
        user.display_name = user.legal_name = user.sort_name = ""
        user.preferences = {}
        user.is_active = False
        user.set_unusable_password()
        user.save()
        AccommodationProfile.objects.filter(user=user).update(notes_for_invigilators=TOMBSTONE)
        AccommodationReason.objects.filter(profile__user=user).update(text=TOMBSTONE)
        EmailAddress.objects.filter(user=user).delete()
        user.access_keys.filter(revoked_at=None).update(revoked_at=moment)
