"""The body that the maps of the atlas are drawn on."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.core.digest import digest_of


class BodyMap(models.Model):
    """Everything of the body maps that belongs to no single muscle; one row, loaded with the curriculum.

    `drawing` is the body as SVG. `layout` has what maps.yaml says beside its muscles, with lists where the file has
    mappings. What is drawn from both and from the muscles is kept by their digests, so it follows every change.
    """

    code = models.CharField(_("code"), max_length=20, unique=True)
    drawing = models.TextField(_("body (SVG)"))
    layout = models.JSONField(_("layout"), default=dict)
    digest = models.CharField(_("digest"), max_length=64, editable=False)
    is_retired = models.BooleanField(_("retired"), default=False)

    class Meta:
        app_label = "knowledge"
        verbose_name = _("body map")

    def __str__(self) -> str:
        return self.code

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.digest = digest_of([self.drawing, self.layout])
        super().save(*args, **kwargs)
