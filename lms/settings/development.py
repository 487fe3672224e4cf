"""The demonstration on one machine: embedded database, files beside the checkout, loopback only."""

import secrets

from .base import *  # noqa: F403
from .base import LOCAL_DIR, STATIC_ROOT, env

LOCAL_DIR.mkdir(parents=True, exist_ok=True)
STATIC_ROOT.mkdir(exist_ok=True)


def _kept_secret() -> str:
    """Make a secret once and keep it, so that people stay signed in over a restart."""
    file = LOCAL_DIR / "secret_key"
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(50))
    return file.read_text()


SECRET_KEY = env("SECRET_KEY", default="") or _kept_secret()
# The demonstration serves straight from the apps' folders; a live instance collects and hashes.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = env.bool("DEBUG", default=False)
