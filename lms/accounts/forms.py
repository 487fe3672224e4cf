"""Forms for people about themselves."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from lms.core.clock import arrival

from .commands import accept_agreement
from .enums import Motion, Spacing, TextSize, Theme, Tint, Typeface
from .models import User, time_zones
from .queries import agreements_at_sign_up


class SignupForm(forms.Form):
    """What we ask beside address and password: a name to use, and the one for a certificate (it can wait)."""

    display_name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )

    field_order = ["display_name", "email", "password1", "password2"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agreements = agreements_at_sign_up()
        for agreement in self.agreements:
            self.fields[f"agreement-{agreement.code}"] = forms.BooleanField(
                label=format_html(
                    _("I have read and accept: <a href='{}'>{}</a>"),
                    reverse("accounts:agreement", args=[agreement.code]),
                    agreement.title,
                )
            )

    @property
    def agreement_fields(self) -> list[forms.BoundField]:
        """The boxes to tick, for the template."""
        return [self[f"agreement-{agreement.code}"] for agreement in self.agreements]

    def signup(self, request: Any, user: User) -> None:
        """Called by allauth once the account is made."""
        user.display_name = self.cleaned_data["display_name"].strip()
        user.sort_name = user.display_name
        user.save(update_fields=["display_name", "sort_name"])
        for agreement in self.agreements:
            accept_agreement(agreement=agreement, user=user, context="sign-up", at=arrival(request))


class PreferencesForm(forms.ModelForm):
    """Name, zone and how the site reads."""

    theme = forms.ChoiceField(label=_("Colours"), choices=Theme.choices, widget=forms.RadioSelect)
    font = forms.ChoiceField(label=_("Typeface"), choices=Typeface.choices, widget=forms.RadioSelect)
    size = forms.ChoiceField(label=_("Text size"), choices=TextSize.choices, widget=forms.RadioSelect)
    spacing = forms.ChoiceField(label=_("Spacing"), choices=Spacing.choices, widget=forms.RadioSelect)
    tint = forms.ChoiceField(label=_("Paper tint"), choices=Tint.choices, widget=forms.RadioSelect)
    motion = forms.ChoiceField(label=_("Movement"), choices=Motion.choices, widget=forms.RadioSelect)
    timer_hidden = forms.BooleanField(label=_("Hide the timer in timed quizzes"), required=False)
    time_zone = forms.ChoiceField(label=_("Time zone"))

    READING = ("theme", "font", "size", "spacing", "tint", "motion", "timer_hidden")

    class Meta:
        model = User
        fields = ["display_name", "legal_name", "sort_name", "time_zone"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time_zone"].choices = [(zone, zone.replace("_", " ")) for zone in time_zones()]  # type: ignore[attr-defined]
        self.fields["display_name"].required = True
        for name in self.READING:
            self.fields[name].initial = self.instance.reading_preferences[name]

    def save(self, commit: bool = True) -> User:
        """Preferences go into one JSON field, so that a new one needs no migration."""
        self.instance.preferences = {name: self.cleaned_data[name] for name in self.READING}
        return super().save(commit)
