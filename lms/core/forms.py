"""What forms of several packages share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from .exceptions import DomainError


def show_errors(form: forms.Form, error: DomainError) -> None:
    """Put what a command found wrong beside the fields; what belongs to none of them stands above."""
    found: Mapping[str, Any] = error.extra.get("errors", {})
    for name, texts in found.items():
        form.add_error(name if name in form.fields else None, texts)
    if not found:
        form.add_error(None, error.message)


def ask_for_file_again(form: forms.Form) -> None:
    """After an error elsewhere: browsers do not keep the file that was chosen as `file`."""
    if form.errors and "file" not in form.errors and form.files.get("file"):
        form.add_error("file", _("Please choose the file once more; a browser does not keep it."))


class DateInput(forms.DateInput):
    """The browser's own picker of a day."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")
