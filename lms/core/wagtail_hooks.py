"""The kernel in the CMS: widgets that start without inline scripts."""

from django.templatetags.static import static
from django.utils.html import format_html
from wagtail import hooks


@hooks.register("insert_global_admin_js")
def widgets_without_inline_scripts() -> str:
    """See `lms/js/cms.js`."""
    return format_html('<script src="{}" defer></script>', static("lms/js/cms.js"))
