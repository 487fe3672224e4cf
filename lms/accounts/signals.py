"""News about people, sent after commit."""

from django.dispatch import Signal

#: `profile`: standing conditions were approved for a person.
accommodation_granted = Signal()
