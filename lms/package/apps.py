from django.apps import AppConfig


class PackageConfig(AppConfig):
    name = "lms.package"
    label = "package"
    verbose_name = "Curriculum package"
