"""Counting in months, and days in words. Pure."""

from __future__ import annotations

from datetime import date

from django.utils.formats import date_format


def add_months(day: date, months: int) -> date:
    """The same day so many months later, or the last day of that month."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def in_words(day: date) -> str:
    """`2 November 2026`, with the month in the language of who reads it."""
    return date_format(day, "j F Y")
