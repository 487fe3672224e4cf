"""Paths in the CMS. Certificates are the registrar's, not an author's, and have pages of their own."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList, PublishingPanel
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from .models import Path


class PathViewSet(SnippetViewSet):
    model = Path
    icon = "success"
    menu_label = _("Certification paths")
    menu_order = 230
    add_to_admin_menu = True
    list_display = ["code", "title", "credential_kind"]
    copy_view_enabled = False
    edit_handler = ObjectList(
        [
            FieldPanel("code"),
            FieldPanel("title"),
            FieldPanel("summary"),
            MultiFieldPanel(
                [
                    FieldPanel(name)
                    for name in ("credential_title", "credential_kind", "hours_label", "valid_months", "scope_note")
                ],
                _("On the certificate"),
            ),
            MultiFieldPanel(
                [FieldPanel(name) for name in ("ce_hours", "course_type", "instructor_name")],
                _("Continuing education"),
                help_text=_("Only for a certificate of attendance with CE hours."),
            ),
            FieldPanel("requirements"),
            FieldPanel("renewal"),
            FieldPanel("admits_on_enrolment"),
            FieldPanel("is_retired"),
            PublishingPanel(),
        ]
    )


register_snippet(PathViewSet)
