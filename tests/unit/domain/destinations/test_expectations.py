"""When a file that is expected every day counts as missing."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from listrak_relay.domain.destinations.expectations import is_missing

SIX = time(6, 0)
MORNING = datetime(2027, 1, 15, 6, 0, tzinfo=UTC)


def test_a_file_is_missed_from_its_hour_on_and_no_sooner() -> None:
    yesterday = MORNING - timedelta(days=1, minutes=5)

    assert not is_missing(SIX, yesterday, MORNING - timedelta(seconds=1))
    assert is_missing(SIX, yesterday, MORNING)


def test_a_file_that_came_late_ends_it_and_does_not_stand_for_the_next_one() -> None:
    late = MORNING + timedelta(hours=3)

    assert not is_missing(SIX, late, late)
    assert not is_missing(SIX, late, MORNING + timedelta(hours=23, minutes=59))
    assert is_missing(SIX, late, MORNING + timedelta(days=1))


def test_a_destination_that_never_had_a_file_misses_one() -> None:
    assert is_missing(SIX, None, MORNING)


moments = st.integers(1_577_836_800, 2_208_988_800).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@given(st.times(), moments, st.floats(0, 43_200, exclude_max=True))
def test_a_file_of_the_last_half_day_is_never_missed(expected_by: time, now: datetime, age: float) -> None:
    assert not is_missing(expected_by, now - timedelta(seconds=age), now)


@given(st.times(), moments)
def test_a_file_of_a_day_and_a_half_ago_is_always_missed(expected_by: time, now: datetime) -> None:
    assert is_missing(expected_by, now - timedelta(hours=36, seconds=1), now)
