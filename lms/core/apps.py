from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CoreConfig(AppConfig):
    name = "lms.core"
    label = "core"
    verbose_name = "Kernel"

    def ready(self) -> None:
        from . import (
            checks,  # noqa: F401
            scriptless,
        )
        from .record import install_triggers

        scriptless.install()
        post_migrate.connect(install_triggers, dispatch_uid="lms.core.install_triggers")
