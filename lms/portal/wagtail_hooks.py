"""What the portal tells the log of the CMS."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from .erasing import LOG_ACTION


@hooks.register("register_log_actions")
def erasing_is_logged(actions: Any) -> None:
    """An erased person stays in the log as a number, with what was erased and what was kept."""
    actions.register_action(LOG_ACTION, _("Erase a person"), _("Erased; the record keeps its rows without a name"))
