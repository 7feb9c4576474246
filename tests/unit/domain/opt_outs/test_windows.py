"""Which days are read at once, and which files they become."""

from __future__ import annotations

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from listrak_relay.domain.destinations.destinations import EmailDestination
from listrak_relay.domain.opt_outs.day_files import by_day, day_key, file_of, folder_name
from listrak_relay.domain.opt_outs.opt_out import OptOut
from listrak_relay.domain.opt_outs.windows import Window, windows

NOON = datetime(2026, 11, 29, 12, tzinfo=UTC).timestamp()
DAY = 86_400.0


def window(first: str, last: str) -> Window:
    return Window(date.fromisoformat(first), date.fromisoformat(last), NOON)


def test_the_first_reading_goes_back_as_far_as_files_are_kept() -> None:
    (only,) = windows(None, NOON, 30, 30)

    assert (only.first, only.last, only.read_until) == (date(2026, 10, 31), date(2026, 11, 29), NOON)


def test_later_ones_begin_the_day_before_the_last_reading() -> None:
    (only,) = windows(NOON - 3600, NOON, 30, 7)

    assert only.days() == ["2026-11-28", "2026-11-29"]


@given(
    st.none() | st.floats(min_value=NOON - 100 * DAY, max_value=NOON + 5 * DAY),
    st.integers(min_value=1, max_value=400),
    st.integers(min_value=1, max_value=40),
)
def test_windows_follow_one_on_another_to_today(read_until: float | None, kept: int, at_once: int) -> None:
    found = windows(read_until, NOON, kept, at_once)

    days = [day for one in found for day in one.days()]
    assert days == sorted(set(days))
    assert days[-1] == "2026-11-29"
    assert all(len(one.days()) <= at_once for one in found)
    assert [one.read_until for one in found] == sorted(one.read_until for one in found)
    assert found[-1].read_until == NOON


@given(st.integers(min_value=1, max_value=60), st.integers(min_value=1, max_value=10), st.data())
def test_going_on_behind_any_window_leaves_out_no_day(kept: int, at_once: int, data: st.DataObject) -> None:
    first = windows(None, NOON, kept, at_once)
    ended = data.draw(st.sampled_from(first))

    again = windows(ended.read_until, NOON, kept, at_once)

    assert again[0].first <= ended.last


def test_a_day_of_the_window_without_anybody_is_an_empty_file_and_other_days_are_none() -> None:
    ada, ben = OptOut("ada@example.com", "2026-11-28T23:59:59", "Link"), OptOut("ben@example.com", "", "Import")
    early, ahead = (
        OptOut("e@example.com", "2026-11-26T10:00:00", ""),
        OptOut("a@example.com", "2026-11-30T02:00:00", ""),
    )

    days = by_day([ben, ada, early, ahead, ada], window("2026-11-27", "2026-11-29"))

    assert days == {"2026-11-27": [], "2026-11-28": [ada], "2026-11-29": [], "2026-11-30": [ahead], "undated": [ben]}


def test_the_order_in_which_people_are_read_does_not_change_a_file() -> None:
    people = [OptOut(f"p{n}@example.com", f"2026-11-28T10:00:{n:02}", "Link") for n in range(20)]
    days = window("2026-11-28", "2026-11-28")

    assert by_day(people, days) == by_day(reversed(people), days)


def test_a_file_says_who_when_how_and_from_which_list() -> None:
    text = file_of([OptOut("ada@example.com", "2026-11-28T10:00:00", "Link")], EmailDestination("email"))

    assert text.decode() == (
        "email_address,opted_out_at,how,list\nada@example.com,2026-11-28T10:00:00,Link,Master List\n"
    )


def test_two_lists_of_one_name_have_two_folders() -> None:
    assert folder_name("VIP & Co", "email/a//vip") != folder_name("VIP & Co", "email/b//vip")
    assert folder_name("VIP & Co", "email/a//vip").startswith("vip-co-")
    assert day_key(EmailDestination("email", list_name="顧客"), "email/a//顧客", "2026-11-28").count("/") == 2
