"""Hands behind the scenes: one process beside the platform does what tests ask for, and is started once.

It reads a line of JSON for each thing to do, `[module, *words]`, calls `main` of that module with those words, and
answers with a line of JSON: what was said, or what went wrong.
"""

from __future__ import annotations

import io
import json
import sys
import traceback
from contextlib import redirect_stdout
from importlib import import_module

import django


def main() -> None:
    """Work until nobody asks any more."""
    django.setup()
    from django.db import connections

    for line in sys.stdin:
        module, *words = json.loads(line)
        said, answer = io.StringIO(), {}
        try:
            with redirect_stdout(said):
                import_module(module).main(*words)
            answer = {"said": said.getvalue()}
        except Exception:
            answer = {"failed": traceback.format_exc()}
        connections.close_all()
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
