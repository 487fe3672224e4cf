"""The quiz engine in the CMS."""

from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from .assembly.admin import AssessmentViewSet
from .bank.admin import BankItemPolicy, BankViewSet, PictureViewSet, QuestionViewSet, StimulusViewSet
from .bank.models import Picture, Question, Stimulus
from .bank.views import urlpatterns as bank_urls

for model in (Question, Stimulus, Picture):
    register_permission_policy(model, BankItemPolicy(model))


class QuestionsGroup(SnippetViewSetGroup):
    menu_label = _("Questions")
    menu_icon = "help"
    menu_order = 220
    items = (QuestionViewSet, AssessmentViewSet, StimulusViewSet, PictureViewSet, BankViewSet)


register_snippet(QuestionsGroup)


@hooks.register("register_admin_urls")
def pages_of_the_bank() -> list[URLPattern]:
    """Addresses under /admin/ that belong to no model."""
    return bank_urls
