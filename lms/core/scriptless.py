"""The CMS's choosers without inline scripts, so that its pages can have a strict content security policy too.

`BaseChooser.render` is the one place that writes `<script>new XChooser(…)</script>`; it is replaced when the kernel
starts. A test renders every chooser in use and fails when an upgrade of the CMS brings an inline script back.
"""

from __future__ import annotations

import json
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail.admin.widgets import BaseChooser


def render_with_marker(
    self: BaseChooser, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
) -> SafeString:
    """The chooser's HTML, followed by a marker that `lms/js/cms.js` starts."""
    id_ = (attrs or {})["id"]
    value_data = self.get_value_data(value)
    options = self.get_js_init_options(id_, name, value_data)
    return format_html(
        '{}<span hidden data-cms-init="{}" data-cms-id="{}" data-cms-options="{}"></span>',
        self.render_html(name, value_data, attrs),
        self.js_constructor,
        id_,
        json.dumps(options),
    )


def install() -> None:
    """Replace the rendering of choosers."""
    BaseChooser.render = render_with_marker
