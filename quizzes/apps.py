from django.apps import AppConfig


class QuizzesConfig(AppConfig):
    name = "quizzes"
    verbose_name = "Quizzes"

    def ready(self) -> None:
        from . import checks, receivers  # noqa: F401
        from .bank import ports  # noqa: F401 - answers a port
        from .practice import retakes  # noqa: F401 - answers a port
