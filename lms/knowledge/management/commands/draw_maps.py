"""`manage.py draw_maps`: draw the body maps of a curriculum package anew from its data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from lms.knowledge.bodymap_drawing import drawn_figures


class Command(BaseCommand):
    """Writes `knowledge/figures/<code>.svg` for every plate of `knowledge/maps.yaml`; a second run changes nothing."""

    help = "Draws the figures of body.svg and maps.yaml of a curriculum package (default: the shipped one)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("directory", nargs="?", default=str(settings.SHIPPED_CURRICULUM), metavar="DIR")

    def handle(self, *args: Any, **options: Any) -> None:
        knowledge = Path(options["directory"]) / "knowledge"
        try:
            figures = drawn_figures(knowledge)
        except (OSError, KeyError, ValueError, yaml.YAMLError) as error:
            raise CommandError(f"the maps do not fit: {error!r}") from error
        changed = 0
        for code, drawing in figures.items():
            file = knowledge / "figures" / f"{code}.svg"
            if not file.is_file() or file.read_text(encoding="utf-8") != drawing:
                file.write_text(drawing, encoding="utf-8")
                changed += 1
                self.stdout.write(f"drawn: {code}")
        self.stdout.write(f"{len(figures)} maps, {changed} changed")
