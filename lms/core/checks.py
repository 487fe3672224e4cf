"""System checks of the kernel."""

from typing import Any

from django.core.checks import Tags, Warning, register
from django.db import OperationalError, ProgrammingError

from .record import missing_triggers


@register(Tags.database)
def record_triggers_are_installed(databases: Any = None, **kwargs: Any) -> list[Warning]:
    """Each record has its guards in the database (they go when SQLite remakes a table).

    A warning, since an error would stop the very `migrate` that mends it; `/readyz` refuses to be ready.
    """
    errors = []
    for alias in databases or []:
        try:
            missing = missing_triggers(alias)
        except (OperationalError, ProgrammingError):
            continue
        if missing:
            errors.append(
                Warning(
                    f"Guards of the record are missing: {', '.join(missing)}",
                    hint="Run manage.py migrate, which installs them.",
                    id="lms.core.W001",
                )
            )
    return errors
