"""The atlas of the database and the pictures drawn from it, kept by this process as long as nothing changes.

A plate takes a few milliseconds to draw and clean, so it is drawn when it is first asked for, and kept by the digest
of the body map and of every muscle's map: no stamp has to be forgotten when something is loaded or edited.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from lms.core.digest import digest_of
from lms.core.markup import UnsafeSvg, clean_svg

from .bodymap import Atlas, read_atlas
from .bodymap_cards import bodies, small_map
from .bodymap_drawing import draw
from .models import BodyMap, Muscle

#: The views of the body to point at; its left side would say the same as its right.
POINTED_AT = ("front", "back", "right")


class Drawings:
    """An atlas with the pictures of it that were asked for so far. Everything has passed the allow-list of drawings."""

    def __init__(self, atlas: Atlas, digest: str) -> None:
        self.atlas, self.digest = atlas, digest
        self._plates: dict[str, SafeString] = {}
        self._small: dict[str, SafeString] = {}

    @cached_property
    def bodies(self) -> SafeString:
        """What the small maps refer to; once on their page."""
        return _cleaned(bodies(self.atlas, (view for view in POINTED_AT if view in self.atlas.views)))

    def small(self, code: str) -> SafeString:
        """The small map of a muscle; empty when it has none."""
        if code in self.atlas.muscles and code not in self._small:
            self._small[code] = _cleaned(small_map(self.atlas, code))
        return self._small.get(code, SafeString())

    def plate(self, code: str) -> SafeString:
        """The map of a muscle; empty when it has none."""
        muscle = self.atlas.muscles.get(code)
        if muscle and code not in self._plates:
            where = "; ".join(zone.label for zone in muscle.zones)
            drawing = draw(
                self.atlas,
                self.atlas.muscle_plate(code),
                title=_("Referral map: %(muscle)s") % {"muscle": muscle.name},
                description=_("Pain commonly described: %(where)s. The table below says the same.") % {"where": where},
            )
            self._plates[code] = _cleaned(drawing)
        return self._plates.get(code, SafeString())


def _cleaned(drawing: str) -> SafeString:
    try:
        return mark_safe(clean_svg(drawing))
    except UnsafeSvg:
        return SafeString()


_held: Drawings | None = None


def drawings(muscles: Sequence[Muscle]) -> Drawings | None:
    """The drawings of these muscles; none where no body was loaded. One query, and one more after a change."""
    global _held
    row = BodyMap.objects.filter(is_retired=False).defer("drawing", "layout").first()
    if row is None:
        return None
    maps = [{"code": muscle.code, **muscle.map} for muscle in muscles if muscle.map]
    digest = digest_of([row.digest, maps])
    held = _held
    if held is None or held.digest != digest:
        held = _held = Drawings(_atlas(row, maps), digest)
    return held


def _atlas(row: BodyMap, maps: list[dict[str, Any]]) -> Atlas:
    row.refresh_from_db(fields=["drawing", "layout"])
    layout = row.layout
    return read_atlas(
        row.drawing,
        {
            **layout,
            "regions": {region["code"]: region["title"] for region in layout["regions"]},
            "parts": {part["title"]: part["regions"] for part in layout["parts"]},
            "frames": {frame["code"]: frame for frame in layout["frames"]},
            "muscles": maps,
        },
    )
