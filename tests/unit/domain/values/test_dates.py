"""Dates and moments in the forms in which databases and spreadsheets write them."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listrak_relay.domain.values.dates import DateOrder, american, is_zero, is_zone, iso_of_american, read_day

MOMENT = date(2026, 1, 31)


@given(st.dates(min_value=date(1000, 1, 1)), st.sampled_from(["", "T10:00", "T10:00:00Z", " 23:59:59.123456"]))
def test_iso_dates_and_moments_are_read(day: date, time: str) -> None:
    assert read_day(day.isoformat() + time) == day


@given(st.dates(min_value=date(1000, 1, 1)))
def test_an_american_date_comes_back_as_it_was_and_as_iso(day: date) -> None:
    text = day.strftime("%m/%d/%Y")

    assert american(read_day(text) or date.min) == text
    assert iso_of_american(text) == day.isoformat()


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-31 17:23:48",
        "2026-01-31T17:23:48",
        "2026-01-31 17:23:48.123456789",
        "2026-01-31 17:23:48+00",
        "2026-01-31 17:23:48+0000",
        "2026-01-31 17:23:48 +0000",
        "2026-01-31 17:23:48.000 +0000",
        "2026-01-31 17:23:48 +00:00",
        "2026-01-31 17:23:48 UTC",
        "2026-01-31 17:23:48.25 UTC",
        "2026-01-31T17:23:48.000Z",
        "2026-01-31T17:23Z",
        "1/31/2026",
        "01/31/2026 17:23",
        "1/31/2026 5:23:48 PM",
        "1/31/2026, 5:23:48 PM",
        "1/31/2026, 5:23:48\u202fPM",
        "01/31/2026 17:23:48.123456",
        "2026/01/31",
        "2026/01/31 17:23:48",
        "2026/01/31T17:23:48Z",
        "2026-01-31-17.23.48.000000",
        "31-JAN-26",
        "31-JAN-26 05.23.48.000000 PM",
        "31-Jan-2026 17:23:48",
        "31 Jan 2026",
        "31JAN2026",
        "31JAN2026:17:23:48",
        "31JAN26:17:23:48.00",
    ],
)
def test_moments_as_databases_and_spreadsheets_write_them(text: str) -> None:
    assert read_day(text) == MOMENT


@pytest.mark.parametrize(
    "text",
    ["31-JAN-30", "31JAN49", "31-JAN-26 05.23.48.000000 PM +01:00", "2026-01-31-25.23.48", "31-FEB-26", "31-OKT-26"],
)
def test_days_that_programs_read_differently_or_not_at_all_are_none(text: str) -> None:
    assert read_day(text) is None


@pytest.mark.parametrize(
    ("text", "zone", "day"),
    [
        ("2026-01-31 23:30:00-05", "UTC", "2026-02-01"),
        ("2026-01-31 23:30:00-05", "America/New_York", "2026-01-31"),
        ("2026-02-01 03:30:00 UTC", "America/New_York", "2026-01-31"),
        ("2026-02-01 03:30:00", "America/New_York", "2026-02-01"),
        ("2026-01-31T20:00:00Z", "Asia/Kolkata", "2026-02-01"),
    ],
)
def test_the_day_of_a_moment_with_a_zone_is_that_of_the_zone_asked_for(text: str, zone: str, day: str) -> None:
    assert str(read_day(text, zone=zone)) == day


@given(st.datetimes(datetime(1900, 1, 2), datetime(2100, 1, 1)), st.integers(-14 * 60, 14 * 60))  # noqa: DTZ001
def test_any_offset_counts(moment: datetime, minutes: int) -> None:
    there = moment.replace(tzinfo=timezone(timedelta(minutes=minutes)))

    assert read_day(there.isoformat(" ")) == there.astimezone(timezone.utc).date()  # noqa: UP017


@pytest.mark.parametrize(
    "text",
    [
        *("2026-02-29", "2026-13-01", "02/30/2026", "31/01/2026", "20260131", "0000-01-01", "2026-01-31T25:00", "soon"),
        *("1/31/26", "31.01.2026", "1769880228", "2026-01-31 17:23:48 EST", "0000-00-00", "1/0/1900", ""),
    ],
)
def test_what_is_no_real_date_or_does_not_say_its_order_is_none(text: str) -> None:
    assert read_day(text) is None


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("1/31/26", DateOrder.SHORT, "2026-01-31"),
        ("1/31/29", DateOrder.SHORT, "2029-01-31"),
        ("1/31/30", DateOrder.SHORT, "1930-01-31"),
        ("31.01.2026", DateOrder.DAY_FIRST, "2026-01-31"),
        ("3.4.85", DateOrder.DAY_FIRST, "1985-04-03"),
        ("03/04/1985", DateOrder.DOUBT, "None"),
        ("03/14/1985", DateOrder.DOUBT, "1985-03-14"),
        ("14/03/1985", DateOrder.DOUBT, "None"),
        ("1985-04-03", DateOrder.DOUBT, "1985-04-03"),
    ],
)
def test_what_all_values_of_a_column_show_counts_for_each(text: str, order: DateOrder, day: str) -> None:
    assert str(read_day(text, order)) == day


@pytest.mark.parametrize("text", ["0000-00-00", "0000-00-00 00:00:00", "00/00/0000", "0/0/0000", "1/0/1900"])
def test_dates_of_zeros_are_known(text: str) -> None:
    assert is_zero(text)


def test_zones_are_known_by_name() -> None:
    assert [is_zone(name) for name in ("UTC", "America/New_York", "Mars/Base", "../etc", "")] == [
        *(True, True, False, False, False)
    ]
