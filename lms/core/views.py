"""Health for machines, and the page for a failed CSRF check."""

from __future__ import annotations

import re

from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.generators import SchemaGenerator

from .problem import problem_response
from .record import missing_triggers


def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> HttpResponse:
    """Database, cache and migrations are as this code needs them; 503 with what is not."""
    parts: dict[str, str] = {}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        parts["database"] = "ok"
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
        parts["migrations"] = "pending" if pending else "ok"
        parts["record"] = "unguarded" if missing_triggers() else "ok"
    except Exception:
        parts["database"] = "unreachable"
    try:
        cache.set("readyz", "ok", 10)
        parts["cache"] = "ok" if cache.get("readyz") == "ok" else "unreachable"
    except Exception:
        parts["cache"] = "unreachable"
    ready = set(parts.values()) == {"ok"}
    return JsonResponse({"status": "ok" if ready else "not_ready", **parts}, status=200 if ready else 503)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say in words what happened; an API client gets a problem."""
    if request.path.startswith("/api/"):
        return problem_response(403, "csrf_failed", "The CSRF check failed", reason)
    return render(request, "403_csrf.html", status=403)


@csrf_exempt
def api_not_found(request: HttpRequest) -> HttpResponse:
    """Unknown addresses of the API answer as the API does, whatever the method: there is nothing to protect."""
    return problem_response(404, "not_found", "There is nothing here")


def purpose(description: str) -> str:
    """What an operation is for: its description without the method and path that stand beside it anyway."""
    words = re.sub(r"^`[A-Z]+ [^`]+`[:.]?\s*", "", description)
    return words[:1].upper() + words[1:]


def api_docs(request: HttpRequest) -> HttpResponse:
    """The API for readers, from the same OpenAPI document."""
    schema = SchemaGenerator().get_schema(request=None, public=True)
    operations = [
        {
            "method": method.upper(),
            "path": path,
            "tag": (operation.get("tags") or ["other"])[0],
            "description": purpose(operation.get("description", "")),
            # Problems are the same everywhere, and the page says so once.
            "statuses": sorted(status for status in operation["responses"] if status.startswith("2")),
        }
        for path, methods in sorted(schema["paths"].items())
        for method, operation in methods.items()
    ]
    tags = sorted({operation["tag"] for operation in operations})
    groups = [{"tag": tag, "operations": [row for row in operations if row["tag"] == tag]} for tag in tags]
    return render(request, "lms/core/api_docs.html", {"groups": groups})
