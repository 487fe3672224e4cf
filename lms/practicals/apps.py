from django.apps import AppConfig


class PracticalsConfig(AppConfig):
    name = "lms.practicals"
    label = "practicals"
    verbose_name = "Practicals"

    def ready(self) -> None:
        from . import receivers  # noqa: F401
