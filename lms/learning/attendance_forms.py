"""Forms of class sessions: planning one, and the roster in which everybody has a line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.api import outline
from lms.accounts.api import User
from lms.core.exceptions import InvalidInput

from .attendance_queries import Line, Roster, teachers_to_choose
from .models import ClassSession, Cohort, SessionFormat, SessionKind

#: What a line of the roster can say.
ALL, PART, NONE = "all", "part", "none"
LONGEST_REASON = 300


class LocalDateTimeInput(forms.DateTimeInput):
    """The browser's own picker, in the time zone of the person."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class SessionWordsForm(forms.Form):
    """What may change of a session whose attendance is noted."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    place = forms.CharField(
        label=gettext_lazy("Place"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("A room, or the address of the meeting; the students see it."),
    )

    def __init__(self, *args: Any, cohort: Cohort, session: ClassSession | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cohort, self.session = cohort, session


class SessionForm(SessionWordsForm):
    """A meeting of a cohort: when, how long, what it counts for, and who teaches."""

    starts_at = forms.DateTimeField(label=gettext_lazy("Begins"), widget=LocalDateTimeInput())
    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes that count"),
        min_value=1,
        max_value=720,
        help_text=gettext_lazy("Without meals. Ten minutes of break in an hour count."),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Counts as"), choices=SessionKind.choices, widget=forms.RadioSelect)
    format = forms.ChoiceField(
        label=gettext_lazy("How people take part"),
        choices=SessionFormat.choices,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("A recording that is watched later is home study."),
    )
    course_code = forms.ChoiceField(label=gettext_lazy("Course"), required=False)
    teachers = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Teachers"),
        queryset=User.objects.none(),
        to_field_name="uuid",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("The record says by this who taught whom."),
    )

    field_order = ["title", "starts_at", "minutes", "kind", "format", "place", "course_code", "teachers"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        courses = [(course.code, course.title) for course in outline().courses]
        self.fields["course_code"].choices = [("", _("Of no single course")), *courses]  # type: ignore[attr-defined]
        self.fields["teachers"].queryset = teachers_to_choose(self.cohort, self.session)  # type: ignore[attr-defined]


@dataclass
class RosterRow:
    """A line of the roster as it stands in the form."""

    line: Line
    choice: str
    typed: str
    is_own: bool
    error: str = ""

    @property
    def key(self) -> str:
        """Ends the names of this row's fields."""
        return str(self.line.person.uuid)

    @property
    def was(self) -> str:
        """What was noted when the form was shown, so that only what was changed is sent on."""
        return "" if self.line.minutes is None else str(self.line.minutes)


class RosterForm:
    """The roster: for each person there all the time, for a part of it in minutes, or not there.

    Only lines that the person at the form changed are noted. What somebody else noted meanwhile is shown first, and
    never overwritten unseen.
    """

    def __init__(self, session: ClassSession, roster: Roster, *, by: Any, data: Any = None) -> None:
        self.session, self.roster, self.data = session, roster, data
        self.reason = (data or {}).get("reason", "").strip()[:LONGEST_REASON]
        self.reason_error = self.error = ""
        self.rows = [self._row(line, by) for line in roster.lines]

    @property
    def here(self) -> list[RosterRow]:
        """Those who were in the cohort on the day."""
        return [row for row in self.rows if not row.line.came_later]

    @property
    def later(self) -> list[RosterRow]:
        """Those who came to the cohort later."""
        return [row for row in self.rows if row.line.came_later]

    @property
    def has_errors(self) -> bool:
        """Whether something was not noted."""
        return bool(self.error or self.reason_error or any(row.error for row in self.rows))

    def _row(self, line: Line, by: Any) -> RosterRow:
        is_own = line.person == by
        if self.data is not None and not is_own:
            key = str(line.person.uuid)
            choice, typed = self.data.get(f"p-{key}", ""), self.data.get(f"m-{key}", "").strip()[:6]
            return RosterRow(line, choice or (PART if typed else ""), typed, is_own)
        if line.minutes is None:
            return RosterRow(line, "", "", is_own)
        if line.minutes == self.session.minutes:
            return RosterRow(line, ALL, "", is_own)
        return RosterRow(line, PART, str(line.minutes), is_own) if line.minutes else RosterRow(line, NONE, "", is_own)

    def minutes(self) -> dict[User, int]:
        """What is to be noted, by person; errors are put beside the rows."""
        data = self.data or {}
        found: dict[User, int] = {}
        for row in self.rows:
            if row.is_own:
                continue
            value = self._value(row)
            if value is None and data.get("rest") == ALL and not row.line.came_later and not row.error:
                value = self.session.minutes if row.line.minutes is None else None
                row.choice = ALL if value is not None else row.choice
            shown = data.get(f"w-{row.key}", row.was)
            if value is None or str(value) == shown:
                continue
            if shown != row.was and value != row.line.minutes:
                row.error = self._meanwhile(row)
                continue
            found[row.line.person] = value
        return found

    def _value(self, row: RosterRow) -> int | None:
        if row.choice == ALL:
            return self.session.minutes
        if row.choice == NONE:
            return 0
        if row.choice != PART:
            return None
        if row.typed.isascii() and row.typed.isdigit() and int(row.typed) <= self.session.minutes:
            return int(row.typed)
        row.error = _("Write from 0 to %(most)s minutes.") % {"most": self.session.minutes}
        return None

    @staticmethod
    def _meanwhile(row: RosterRow) -> str:
        note = row.line.note
        if note is None:
            return _("Nothing is noted here. Look again.")
        return _("%(name)s noted %(minutes)s minutes meanwhile. If that is wrong, save once more with a reason.") % {
            "name": note.noted_by.get_full_name(),
            "minutes": note.minutes,
        }

    def show(self, error: InvalidInput) -> None:
        """Put what the command found wrong beside the rows and the reason."""
        errors = dict(error.extra["errors"])
        self.reason_error = " ".join(errors.pop("reason", []))
        for row in self.rows:
            row.error = " ".join(errors.pop(row.key, [])) or row.error
        self.error = " ".join(text for texts in errors.values() for text in texts)
