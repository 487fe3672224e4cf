from django.apps import AppConfig
from wagtail.users.apps import WagtailUsersAppConfig


class AccountsConfig(AppConfig):
    default = True
    name = "lms.accounts"
    label = "accounts"
    verbose_name = "People"

    def ready(self) -> None:
        from . import receivers  # noqa: F401


class CmsUsersConfig(WagtailUsersAppConfig):
    """The CMS's own users app with forms that fit our account."""

    user_viewset = "lms.accounts.cms.UserViewSet"
