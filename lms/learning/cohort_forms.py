"""Forms of cohorts: making one, naming people for it, and taking somebody off.

Looking for a person is a button of the form itself, so that what was typed stays and no script is needed: the page
comes again with who was found, and nothing is checked or saved.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from courses.api import outline
from lms.accounts.api import User

from .cohort_commands import LONGEST_CODE, LONGEST_REASON, LONGEST_TITLE
from .cohort_plan import read_addresses
from .cohort_queries import MOST_FOUND, instructors_to_choose, people_named
from .models import Cohort

#: What the buttons of a form ask for.
FIND, CHECK, CONFIRM, EDIT = "find", "check", "confirm", "edit"
LONGEST_WORDS, LONGEST_LIST = 100, 20_000


def words_to_find(data: QueryDict) -> str:
    """What was typed into the search."""
    return data.get("find", "").replace("\x00", "").strip()[:LONGEST_WORDS]


def label_of(person: User) -> str:
    """A person among others of the same name."""
    return f"{person.get_full_name()}, {person.email}"


def day_input() -> forms.DateInput:
    """The browser's own picker of a day."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class CohortForm(forms.Form):
    """A cohort: what it is called, from when to when, and who teaches it."""

    title = forms.CharField(label=_("Title"), max_length=LONGEST_TITLE)
    code = forms.CharField(
        label=_("Code"),
        max_length=LONGEST_CODE,
        required=False,
        help_text=_("Short, for files and lists; it never changes. Leave it empty, and it is made from the title."),
    )
    starts_on = forms.DateField(label=_("First day"), widget=day_input())
    ends_on = forms.DateField(
        label=_("Last day"), required=False, widget=day_input(), help_text=_("The cohort counts as over the day after.")
    )
    instructors = forms.ModelMultipleChoiceField(
        label=_("Instructors"),
        queryset=User.objects.none(),
        to_field_name="uuid",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("They see the cohort, plan its sessions, and count as having taught its people."),
    )

    def __init__(self, *args: Any, cohort: Cohort | None = None, words: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if cohort is not None:
            del self.fields["code"]
        may_teach = instructors_to_choose(cohort)
        data: Any = self.data
        given = data.getlist("instructors") if self.is_bound else self.initial.get("instructors", ())
        chosen = {str(value) for value in given}
        field: Any = self.fields["instructors"]
        field.queryset = may_teach
        rows = list(may_teach.order_by("sort_name", "email")) if chosen else []
        shown = {str(row.uuid): row for row in rows if str(row.uuid) in chosen}
        self.found = list(people_named(may_teach, words)[: MOST_FOUND + 1])
        shown |= {str(row.uuid): row for row in self.found[:MOST_FOUND]}
        field.choices = [(uuid, label_of(row)) for uuid, row in shown.items()]

    @property
    def finds_more(self) -> bool:
        """Whether more instructors fit than are shown."""
        return len(self.found) > MOST_FOUND

    @classmethod
    def as_typed(cls, data: QueryDict, cohort: Cohort | None = None) -> CohortForm:
        """The form as it was typed, with the instructors that the search found, unchecked."""
        typed: dict[str, Any] = {name: data.get(name, "") for name in ("title", "code", "starts_on", "ends_on")}
        typed["instructors"] = data.getlist("instructors")
        return cls(initial=typed, cohort=cohort, words=words_to_find(data))


class MembersForm(forms.Form):
    """People by their addresses, and the courses that they shall take in the cohort."""

    courses = forms.MultipleChoiceField(
        label=_("Courses"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one course.")},
        help_text=_("Everybody in the list is enrolled in these. A course that others come before opens later."),
    )
    people = forms.CharField(
        label=_("E-mail addresses"),
        max_length=LONGEST_LIST,
        widget=forms.Textarea(attrs={"rows": 8, "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Say who: one address a line.")},
        help_text=_("One a line, pasted as they are."),
    )
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.found: list[User] = []
        self.words = ""
        choices = [(course.code, f"{course.code} · {course.title}") for course in outline().courses]
        self.fields["courses"].choices = choices  # type: ignore[attr-defined]

    def clean_people(self) -> list[str]:
        """The addresses as they were written."""
        return read_addresses(self.cleaned_data["people"])

    @classmethod
    def as_typed(cls, data: QueryDict) -> MembersForm:
        """The form as it was typed, with the people that the search found, unchecked."""
        form = cls(initial={"courses": data.getlist("courses"), "people": with_picked(data)["people"]})
        form.words = words_to_find(data)
        if form.words:
            form.found = list(people_named(User.objects.filter(is_active=True), form.words)[: MOST_FOUND + 1])
        return form


def with_picked(data: QueryDict) -> QueryDict:
    """What was sent, with the people who were ticked in the search at the end of the list."""
    sent = data.copy()
    picked = [address for address in data.getlist("picked") if address not in read_addresses(data.get("people", ""))]
    sent["people"] = "\n".join([*data.get("people", "").rstrip().splitlines(), *picked])
    return sent


class RemovalForm(forms.Form):
    """Why somebody is taken off a cohort, and what becomes of their courses."""

    LEAVE, KEEP = "leave", "keep"

    what = forms.ChoiceField(
        label=_("The courses"),
        widget=forms.RadioSelect,
        choices=[
            (KEEP, _("They go on with them without a cohort; nothing is lost")),
            (LEAVE, _("They leave them; attempts that run are stopped, and what is completed stays")),
        ],
        error_messages={"required": _("Say what becomes of the courses.")},
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": LONGEST_REASON}),
        error_messages={"required": _("Say why.")},
        help_text=_("It stays in the record. Nothing about anybody’s health."),
    )
