from django.apps import AppConfig


class CertificationConfig(AppConfig):
    name = "lms.certification"
    label = "certification"
    verbose_name = "Certification"

    def ready(self) -> None:
        from . import ports, receivers  # noqa: F401
