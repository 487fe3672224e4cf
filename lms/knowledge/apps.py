from django.apps import AppConfig


class KnowledgeConfig(AppConfig):
    name = "lms.knowledge"
    label = "knowledge"
    verbose_name = "Knowledge"
