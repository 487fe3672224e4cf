"""Forms around a sitting: who may come, where and when, who is there, and what happens to their time."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lms.accounts.api import STAFF_ROLES, User
from quizzes.assembly.models import Assessment
from quizzes.attempts.enums import IdentityMethod
from quizzes.attempts.models import Seat

from .access import assessments_for
from .people import group_choices

LONGEST_GIFT = 24 * 60
NO_GROUP = ("", _("No group"))


class LocalDateTimeInput(forms.DateTimeInput):
    """The browser's own picker, in the time zone of the person."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


def moment_field(label: Any, **kwargs: Any) -> forms.DateTimeField:
    """A date with a time."""
    return forms.DateTimeField(label=label, widget=LocalDateTimeInput(), **kwargs)


def reason_field(hint: Any = "", *, required: bool = True) -> forms.CharField:
    """Why; kept with the change."""
    return forms.CharField(
        label=_("Reason"),
        max_length=500,
        required=required,
        help_text=hint,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 500}),
    )


class PeopleForm(forms.Form):
    """People by address and by group; at least one of the two."""

    addresses = forms.CharField(
        label=_("E-mail addresses"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off", "spellcheck": "false"}),
        help_text=_("One a line."),
    )
    group = forms.ChoiceField(label=_("Group"), required=False)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].choices = [NO_GROUP, *group_choices(user)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Nobody named is nobody meant."""
        data = super().clean() or {}
        if not data.get("addresses", "").strip() and not data.get("group") and not self.errors:
            raise forms.ValidationError(_("Name people by e-mail address, or choose a group."))
        return data


class BookForm(PeopleForm):
    """Seats for people."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["addresses"].help_text = _(
            "One a line. The name of the seat may follow a comma: ana@example.org, A1"
        )

    def clean(self) -> dict[str, Any]:
        """A seat's name is short."""
        data = super().clean()
        longest = Seat._meta.get_field("label").max_length or 0
        for line in data.get("addresses", "").splitlines():
            if len(line.partition(",")[2].strip()) > longest:
                self.add_error("addresses", _("The name of a seat has at most %(n)d characters.") % {"n": longest})
                break
        return data


class AuthoriseForm(PeopleForm):
    """Who may test, in which exam, and from when until when."""

    assessment = forms.ModelChoiceField(label=_("Exam"), queryset=Assessment.objects.none(), to_field_name="code")
    valid_from = moment_field(_("From"))
    valid_until = moment_field(_("Until"))

    field_order = ["assessment", "addresses", "group", "valid_from", "valid_until"]

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.fields["assessment"].queryset = assessments_for(user).filter(is_retired=False)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A window opens before it closes."""
        data = super().clean()
        begins, ends = data.get("valid_from"), data.get("valid_until")
        if begins and ends and ends <= begins:
            self.add_error("valid_until", _("The window must end after it begins."))
        return data


class EndForm(forms.Form):
    """Withdraw an authorisation."""

    reason = reason_field(_("Kept with the authorisation; the person may ask to read it."))


class SittingForm(forms.Form):
    """Announce a sitting."""

    assessment = forms.ModelChoiceField(label=_("Exam"), queryset=Assessment.objects.none(), to_field_name="code")
    place = forms.CharField(label=_("Place"), max_length=200)
    opens_at = moment_field(_("First start"))
    closes_at = moment_field(_("Last start"), help_text=_("Whoever starts before then has the full time."))
    hard_stop_at = moment_field(
        _("Hard stop"),
        required=False,
        help_text=_("Everybody ends then, however late they began. Leave it empty to give everybody the full time."),
    )
    invigilators = forms.ModelMultipleChoiceField(
        label=_("Invigilators"),
        queryset=User.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("They see this sitting and nothing else of the exam. Examiners see every sitting."),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["assessment"].queryset = assessments_for(user).filter(is_retired=False)  # type: ignore[attr-defined]
        staff = User.objects.filter(Q(groups__name__in=STAFF_ROLES) | Q(is_superuser=True), is_active=True)
        self.fields["invigilators"].queryset = staff.distinct()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Times in their order."""
        data = super().clean() or {}
        opens, closes, stop = (data.get(name) for name in ("opens_at", "closes_at", "hard_stop_at"))
        if opens and closes and closes <= opens:
            self.add_error("closes_at", _("The last start comes after the first."))
        elif closes and stop and stop < closes:
            self.add_error("hard_stop_at", _("Nobody can start after the hard stop."))
        return data


class IdentityForm(forms.Form):
    """By which document a person was recognised."""

    method = forms.ChoiceField(label=_("Document"), choices=IdentityMethod.choices, widget=forms.RadioSelect)


class TimeForm(forms.Form):
    """Minutes given or taken back."""

    minutes = forms.IntegerField(
        label=_("Minutes"),
        min_value=-LONGEST_GIFT,
        max_value=LONGEST_GIFT,
        help_text=_("A minus takes time back; a minute is always left."),
    )
    reason = reason_field()

    def clean_minutes(self) -> int:
        """Nothing is no change."""
        minutes: int = self.cleaned_data["minutes"]
        if minutes == 0:
            raise forms.ValidationError(_("Give at least one minute, or take one back."))
        return minutes


class ReasonForm(forms.Form):
    """A change that takes nothing but its reason."""

    reason = reason_field()


class GoOnForm(forms.Form):
    """The end of a pause, whose reason is known: a room that waits is not kept waiting for words."""

    reason = reason_field(required=False)


class IncidentForm(forms.Form):
    """What happened in the room, or to one candidate."""

    about = forms.ChoiceField(label=_("About"), required=False)
    text = forms.CharField(
        label=_("What happened"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3, "maxlength": 4000})
    )

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["about"].choices = [("", _("The room")), *people]  # type: ignore[attr-defined]
