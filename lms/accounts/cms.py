"""People in the CMS: a form that fits our account, which has one name and an e-mail address."""

from wagtail.users.forms import UserCreationForm, UserEditForm
from wagtail.users.views.users import UserViewSet as WagtailUserViewSet

from .models import User

FIELDS = {"email", "display_name", "legal_name", "sort_name"}


class PersonCreationForm(UserCreationForm):
    class Meta(UserCreationForm.Meta):
        model = User
        fields = (UserCreationForm.Meta.fields - {"first_name", "last_name", "username"}) | FIELDS


class PersonEditForm(UserEditForm):
    class Meta(UserEditForm.Meta):
        model = User
        fields = (UserEditForm.Meta.fields - {"first_name", "last_name", "username"}) | FIELDS


class UserViewSet(WagtailUserViewSet):
    """Named in the app config of the CMS's users app, see `lms.accounts.apps`."""

    def get_form_class(self, for_update: bool = False) -> type:
        """Our forms."""
        return PersonEditForm if for_update else PersonCreationForm
