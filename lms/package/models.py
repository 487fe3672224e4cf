"""What was loaded last, so that a second load changes nothing and an edit by hand is kept."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class LoadedObject(models.Model):
    """The digests of one object of a curriculum package as it was last loaded.

    `entry_digest` is what the package said; `object_digest` is what the object was right after. An object whose
    digest differs now has been edited since.
    """

    kind = models.CharField(max_length=40)
    code = models.CharField(max_length=120)
    entry_digest = models.CharField(max_length=64)
    object_digest = models.CharField(max_length=64)
    loaded_at = models.DateTimeField()

    class Meta:
        verbose_name = _("loaded object")
        constraints = [models.UniqueConstraint(fields=["kind", "code"], name="one_row_per_loaded_object")]

    def __str__(self) -> str:
        return f"{self.kind} {self.code}"
