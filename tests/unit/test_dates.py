from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from textreuse.dates import compare_dates, read_date


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (date(1848, 2, 21), "1848-02-21"),
        (datetime(1848, 2, 21, 10, 30), "1848-02-21"),
        ("1848-02-21", "1848-02-21"),
        ("1848-02-21T10:30:00Z", "1848-02-21"),
        ("1848-2", "1848-02"),
        ("18480221", "1848-02-21"),
        (" 1848 ", "1848"),
        (1848, "1848"),
        ("26-FEB-1987 15:01:01.79", "1987-02-26"),
        ("Mon 5 Apr 1993", None),  # nothing that starts otherwise is guessed
        ("02/03/48", None),
        ("1848-02-31", None),
        ("about 1848", None),
        (True, None),
        (0, None),
        (None, None),
        (1848.5, None),
    ],
)
def test_a_date_is_read_or_not(value: Any, expected: str | None) -> None:
    assert read_date({"date": value}) == expected


def test_the_first_field_with_a_date_counts() -> None:
    assert read_date({"year": 1850, "published": "spring", "issued": "1848"}) == "1848"
    assert read_date({"title": "1848"}) is None


def test_dates_are_compared_as_far_as_both_are_given() -> None:
    assert compare_dates("1848", "1849-01-01") == -1
    assert compare_dates("1848-02", "1848-01-31") == 1
    assert compare_dates("1848", "1848-02") == 0
    assert compare_dates(None, "1848") == 0
