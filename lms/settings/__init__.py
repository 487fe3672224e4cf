"""Choose the settings for this instance: `INSTANCE=live` is a school at work, anything else the demonstration."""

import os

if os.environ.get("INSTANCE", "demo") == "live":
    from .production import *  # noqa: F403
else:
    from .development import *  # noqa: F403
