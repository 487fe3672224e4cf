from django.apps import AppConfig


class LearningConfig(AppConfig):
    name = "lms.learning"
    label = "learning"
    verbose_name = "Learning"

    def ready(self) -> None:
        from . import ports, receivers  # noqa: F401
