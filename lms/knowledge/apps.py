from django.apps import AppConfig


class KnowledgeConfig(AppConfig):
    name = "lms.knowledge"
    label = "knowledge"
    verbose_name = "Knowledge"

    def ready(self) -> None:
        from . import history  # noqa: F401
