"""`manage.py audit_certificates [--json]`: does the evidence of each active certificate still stand?"""

from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from lms.certification.standing_proof import Proof
from lms.core.clock import school_day


class Command(BaseCommand):
    """Reports and changes nothing; ends with 1 when something is off. For every night."""

    help = "Checks printed facts, evidence and the record behind each active certificate; ends with 1 if one is off."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print findings as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        proof = Proof(school_day(timezone.now()))
        found = list(proof.findings())
        off = [row for row in found if not row.is_notice]
        if options["json"]:
            self.stdout.write(
                json.dumps({"checked": proof.checked, "off": len(off), "findings": [row.as_dict() for row in found]})
            )
        else:
            for row in found:
                mark = "note" if row.is_notice else "OFF"
                self.stdout.write(f"{mark:<5}{row.number}  {row.kind} {row.reference}: {row.words}")
            self.stdout.write(
                f"{proof.checked} active certificates, {len(off)} things off, {len(found) - len(off)} notes"
            )
        if off:
            sys.exit(1)
