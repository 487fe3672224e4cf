"""Practical examinations in the CMS. What examiners judge by is what was published."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList, PublishingPanel
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from .models import Practical


class PracticalViewSet(SnippetViewSet):
    model = Practical
    icon = "group"
    menu_label = _("Practical examinations")
    menu_order = 225
    add_to_admin_menu = True
    list_display = ["code", "title", "pass_percent"]
    copy_view_enabled = False
    edit_handler = ObjectList(
        [
            FieldPanel("code"),
            FieldPanel("title"),
            FieldPanel("instructions"),
            MultiFieldPanel([FieldPanel("pass_percent"), FieldPanel("examiners_needed")], _("Rules")),
            FieldPanel("stations"),
            FieldPanel("critical_fails"),
            FieldPanel("is_retired"),
            PublishingPanel(),
        ]
    )


register_snippet(PracticalViewSet)
