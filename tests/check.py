"""Every check that needs no database: linters, types, layers, templates, migrations, deployment settings."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
#: Pure modules, commands and queries are typed strictly; the rest is checked as far as its types go.
STRICT = [
    "quizzes/types", "quizzes/assembly/draw.py", "quizzes/assembly/policy.py", "quizzes/attempts/policy.py",
    "quizzes/attempts/commands", "quizzes/statistics", "quizzes/grading/engine.py", "quizzes/grading/regrading.py",
    "quizzes/grading/regrades.py", "quizzes/grading/late.py", "quizzes/grading/marking.py",
    "quizzes/grading/certainty.py", "quizzes/delivery/cases.py",
    "quizzes/delivery/visibility.py", "quizzes/practice/schedule.py",
    "quizzes/practice/remediation.py", "lms/certification/numbers.py",
    "lms/certification/status.py", "lms/certification/eligibility.py", "lms/learning/completion.py",
    "lms/learning/attendance_queries.py", "lms/learning/cohort_plan.py", "lms/learning/cohort_queries.py",
    "lms/learning/cohort_commands.py", "lms/learning/evaluation_results.py", "lms/learning/evaluation_queries.py",
    "lms/learning/evaluation_commands.py",
    "lms/certification/badges", "lms/certification/requirements", "lms/certification/renewal_terms.py",
    "lms/certification/renewal.py", "lms/certification/renewal_queries.py", "lms/certification/renewal_commands.py",
    "lms/certification/renewal_ledger.py", "lms/accounts/mail.py",
    "lms/practicals/rules.py", "lms/practicals/log_rules.py", "lms/practicals/identity.py",
    "lms/practicals/log_commands.py",
    "courses/outline.py", "lms/package/located_yaml.py", "lms/package/maps.py", "lms/package/map_schema.py",
    "lms/knowledge/atlas_search.py", "lms/knowledge/bodymap.py", "lms/knowledge/bodymap_cards.py",
    "lms/knowledge/bodymap_drawing.py", "lms/knowledge/bodymap_ink.py", "lms/knowledge/bodymap_layers.py",
    "lms/knowledge/bodymap_shapes.py",
    "lms/certification/cases.py", "lms/certification/case_commands.py", "lms/certification/case_queries.py",
    "lms/certification/case_matters.py", "lms/certification/standing_proof.py", "lms/certification/audit_pack.py",
    "lms/certification/audit_tables.py", "lms/core/zipped.py", "lms/core/uploads.py",
    "lms/portal/personal_data.py", "lms/portal/erasing.py",
    *sorted(str(path.relative_to(ROOT)) for name in ("commands", "queries") for path in ROOT.glob(f"*/**/{name}.py")
            if not {".venv", ".local", "tests", "statistics"} & set(path.parts)),
]  # fmt: skip
LIVE = {
    "INSTANCE": "live",
    "SECRET_KEY": "only-for-this-check-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFG",
    "ALLOWED_HOSTS": "school.example",
    "BASE_URL": "https://school.example",
    "EMAIL_URL": "smtp://mail.example:587",
    "CREDENTIAL_KEYS": "A" * 43,
}
CHECKS: list[tuple[str, list[str], dict[str, str]]] = [
    ("ruff", ["ruff", "check", "."], {}),
    ("ruff format", ["ruff", "format", "--check", "."], {}),
    ("layers", ["lint-imports", "--no-cache"], {}),
    ("types", ["mypy", "--strict", "--no-warn-return-any", "--allow-subclassing-any", *STRICT], {}),
    ("templates", ["djlint", "--lint", "--quiet", "templates"], {}),
    ("migrations", ["python", "manage.py", "makemigrations", "--check", "--dry-run"], {}),
    ("deployment", ["python", "manage.py", "check", "--deploy", "--fail-level", "WARNING"], LIVE),
]


def main() -> int:
    """Run all of them; name the ones that failed."""
    failed = []
    for name, command, environment in CHECKS:
        began = time.monotonic()
        done = subprocess.run(
            [str(BIN / command[0]), *command[1:]],
            cwd=ROOT,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            check=False,
        )
        verdict = "ok" if done.returncode == 0 else "FAILED"
        print(f"{name:<12} {verdict} ({time.monotonic() - began:.1f} s)", flush=True)
        if done.returncode:
            failed.append(name)
            print(done.stdout[-6000:], done.stderr[-6000:], sep="\n", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
