"""Where files live that not everybody may see: private storage, never under a public address."""

from django.core.files.storage import Storage, storages


def private_storage() -> Storage:
    """The storage named `private` in the settings; a function, so that migrations do not freeze it."""
    return storages["private"]
