"""When a document is from, as its metadata says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

FIELDS = ("date", "published", "publication_date", "pub_date", "issued", "created", "year")
_ISO = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?!\d)")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?!\d)")
_DAY_FIRST = re.compile(r"(\d{1,2})[- ]([A-Za-z]{3})[a-z]*[- ,.]+(\d{4})(?!\d)")
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]


def read_date(metadata: Mapping[str, Any]) -> str | None:
    """Return the date of a document as "1848", "1848-02" or "1848-02-21", so that dates sort as text; or None.

    The first of `FIELDS` that holds a date counts: a `date` or `datetime`, a year as a number, or text that starts with
    an ISO date (or 18480221, or 21-FEB-1848). Nothing else is guessed: 02/03/48 is no date.

    Examples
    --------
    >>> read_date({"published": "1848-02-21T10:00"}), read_date({"year": 1848}), read_date({"date": "spring"})
    ('1848-02-21', '1848', None)
    """
    for field in FIELDS:
        found = _read(metadata.get(field))
        if found is not None:
            return found
    return None


def compare_dates(a: str | None, b: str | None) -> int:
    """Return -1 if a is earlier, 1 if b is, and 0 if that is not known, or they agree as far as both are given."""
    if a is None or b is None:
        return 0
    n = min(len(a), len(b))
    return (a[:n] > b[:n]) - (a[:n] < b[:n])


def _read(value: Any) -> str | None:
    if isinstance(value, date):  # a datetime is one too
        return value.isoformat()[:10]
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return f"{value:04}" if 0 < value < 10_000 else None
    if not isinstance(value, str):
        return None
    text = value.strip()
    if found := _COMPACT.match(text):
        return _checked(*found.groups())
    if found := _ISO.match(text):
        return _checked(*found.groups())
    if (found := _DAY_FIRST.match(text)) and found[2].lower() in _MONTHS:
        return _checked(found[3], str(_MONTHS.index(found[2].lower()) + 1), found[1])
    return None


def _checked(year: str, month: str | None, day: str | None) -> str | None:
    try:
        date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    return "-".join([year, *(f"{int(part):02}" for part in (month, day) if part)])
