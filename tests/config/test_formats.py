"""How days are written: no page says a date that two readers take for two days."""

from datetime import UTC, date, datetime

import pytest
from django.utils.formats import date_format
from django.utils.translation import override

DAY, MOMENT = date(2026, 11, 4), datetime(2026, 11, 4, 14, 5, tzinfo=UTC)
FORMS = ("DATE_FORMAT", "SHORT_DATE_FORMAT", "DATETIME_FORMAT", "SHORT_DATETIME_FORMAT")


@pytest.mark.parametrize(
    ("language", "days", "moments"),
    [
        ("en", {"4 Nov 2026"}, {"4 Nov 2026, 14:05"}),
        ("zh-hant", {"2026年11月4日"}, {"2026年11月4日 14:05"}),
        ("zh-hans", {"2026年11月4日"}, {"2026年11月4日 14:05"}),
    ],
)
def test_a_month_is_never_taken_for_a_day(language: str, days: set[str], moments: set[str]) -> None:
    with override(language):
        assert {date_format(DAY, form) for form in FORMS[:2]} == days
        assert {date_format(MOMENT, form) for form in FORMS[2:]} == moments
