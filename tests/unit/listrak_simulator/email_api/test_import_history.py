"""What an import leaves in memory: its addresses, packed, and no more imports than have few rows together."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from listrak_simulator import clock
from listrak_simulator.email_api.imports import (
    LEAST_SECONDS_KEPT,
    MOST_ROWS_KEPT,
    Addresses,
    ListImport,
    RowResult,
    forget_old,
)


@settings(deadline=None)
@given(
    parts=st.lists(st.lists(st.sampled_from(["", "a@example.com", "b\nc", "d"]), max_size=4), max_size=4),
    start=st.integers(0, 18),
    count=st.integers(0, 18),
)
def test_packed_addresses_come_back_as_they_were(parts: list[list[str]], start: int, count: int) -> None:
    addresses = Addresses()
    for part in parts:
        addresses.extend(part)

    whole = [address for part in parts for address in part]

    assert addresses.between(start, start + count) == whole[start : start + count]
    assert [addresses[position] for position in range(len(whole))] == whole


def job(import_id: int, rows: int, ended_seconds_ago: float | None) -> ListImport:
    now = clock.now()
    made = ListImport(import_id, "people.csv", "AddSubscribers", now)
    made.results.extend(bytes([RowResult.SUBSCRIBED]) * rows)
    made.ended_at = None if ended_seconds_ago is None else now - ended_seconds_ago
    return made


def test_the_oldest_imports_leave_when_all_have_too_many_rows() -> None:
    long_ago = LEAST_SECONDS_KEPT + 60
    imports = {number: job(number, MOST_ROWS_KEPT // 2, long_ago) for number in (1, 2, 3)}

    forget_old(imports)

    assert list(imports) == [2, 3]


def test_imports_that_ended_just_now_or_work_yet_stay() -> None:
    imports = {1: job(1, MOST_ROWS_KEPT, 1), 2: job(2, MOST_ROWS_KEPT, None)}

    forget_old(imports)

    assert list(imports) == [1, 2]
