"""Settings of the school: one per installation, since jobs and mail have no request."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting


@register_setting(icon="home")
class SchoolSettings(BaseGenericSetting):
    """Who the school is, as pages, mail and certificates name it."""

    name = models.CharField(_("name"), max_length=120, default="School of Neuromuscular Therapy")
    tagline = models.CharField(_("tagline"), max_length=160, blank=True, default="Learn it, practise it, be examined.")
    email = models.EmailField(_("e-mail"), blank=True)
    address = models.TextField(_("address"), blank=True)
    provider_number = models.CharField(
        _("approved provider number"), max_length=60, blank=True,
        help_text=_("As continuing-education boards list the school; certificates of CE hours show it."),
    )  # fmt: skip
    registrar_name = models.CharField(_("registrar's name, as signed"), max_length=120, blank=True)
    registrar_title = models.CharField(_("registrar's title"), max_length=120, default="Registrar")

    class Meta:
        verbose_name = _("school")
