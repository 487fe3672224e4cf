"""What the body maps of a package may say: `knowledge/maps.yaml`, one part for each muscle and one for the rest."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SerializerFunctionWrapHandler, model_serializer

from lms.knowledge.bodymap_shapes import read_points


def _points(text: str) -> str:
    read_points(text)
    return " ".join(text.split())


#: "x,y x,y …" in the coordinates of a view; a point with ! is a corner.
Points = Annotated[str, AfterValidator(_points)]
View = Literal["front", "back", "right", "left"]
Name = Annotated[str, Field(min_length=1, max_length=120)]
Number = int | float


class Part(BaseModel):
    """Base of all parts of a map. What is as it always is goes unsaid, so that a map stays as short as its author's."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, populate_by_name=True)

    @model_serializer(mode="wrap")
    def sparse(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """The values that differ from their defaults, in the order of the fields."""
        said = handler(self)
        fields = type(self).model_fields
        return {
            field.alias or name: said[name if name in said else field.alias or name]
            for name, field in fields.items()
            if field.is_required() or getattr(self, name) != field.get_default(call_default_factory=True)
        }


class Fibres(Part):
    start: Points = Field(alias="from")
    via: Points = ""
    end: Points = Field(alias="to")


class ShapePart(Part):
    view: View
    label: str = ""
    part: str = ""
    deep: bool = False
    badged: bool = True
    both_sides: bool = False
    outline: Points
    badge: Points | None = None
    fibres: Fibres | None = None


class SpotPart(Part):
    view: View
    at: Points
    label: Name
    part: str = ""


class ZonePart(Part):
    label: Name
    kind: Literal["usual", "sometimes"]
    part: str = ""
    shapes: list[ShapePart] = Field(min_length=1)


class NervePart(Part):
    view: View
    label: Name
    line: Points


class MuscleMapPart(Part):
    """The map of one muscle; its code stands beside it."""

    name: Name
    lies: Name
    frames: list[Name] = Field(min_length=1)
    bones: list[Name] = []
    muscle: list[ShapePart] = Field(min_length=1)
    neighbours: list[ShapePart] = []
    nerves: list[NervePart] = []
    points: list[SpotPart] = []
    referral: list[ZonePart] = Field(min_length=1)
    complaint_regions: list[Name] = Field(min_length=1)
    danger: list[Name] = []


class RegionPart(Part):
    code: Name
    title: Name


class BodyPart(Part):
    """Regions that a list shows together."""

    title: Name
    regions: list[Name] = Field(min_length=1)


class FramePart(Part):
    code: Name
    view: View
    box: list[Number] = Field(min_length=4, max_length=4)
    heading: Name
    hide: list[Name] = []
    names: bool = False
    alone: bool = False


class SitePart(Part):
    code: Name
    number: int = Field(ge=1)
    grade: Literal["avoid", "light", "trained"]
    label: Name
    rule: Name
    shapes: list[ShapePart] = Field(min_length=1)


class RowPart(Part):
    heading: str = ""
    muscle: str = ""
    part: str = ""
    sites: list[Name] = []
    frames: list[Name] = Field(min_length=1, max_length=2)


class PlatePart(Part):
    code: Name
    rows: list[RowPart] = Field(min_length=1)


class BodyMapEntry(Part):
    """All of the maps that belongs to no single muscle, with the body itself (`knowledge/body.svg`)."""

    code: Literal["body"] = "body"
    claim: str = ""
    screening: str = ""
    regions: list[RegionPart] = Field(min_length=1)
    parts: list[BodyPart] = Field(min_length=1)
    frames: list[FramePart] = Field(min_length=1)
    sites: list[SitePart] = []
    plates: list[PlatePart] = []
    drawing: str
