"""Who opted out at Listrak is written down for those who send the files: all of them, once, whatever fails."""

from __future__ import annotations

import csv
import io
import tracemalloc
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from listrak_relay.domain.destinations.destinations import EmailDestination, SmsDestination
from listrak_relay.errors import ConfigurationError, RetryableError
from listrak_relay.ports.listrak_sms import NumberPage
from listrak_relay.use_cases.collect_opt_outs import CollectOptOuts
from tests.support.fakes import (
    FakeClock,
    FakeCollectedUntil,
    FakeDestinationBook,
    FakeDropRecord,
    FakeEmailGateway,
    FakeEmailGateways,
    FakeObjectStore,
    FakeSmsGateway,
    FakeSmsGateways,
    FakeTimeLeft,
)
from tests.support.runs.crashing import DyingScript
from tests.support.runs.relay import Killed

NOON = datetime(2026, 11, 29, 12, tzinfo=UTC).timestamp()
HOUR = 3_600.0
EMAIL, SMS = EmailDestination("news"), SmsDestination("texts")


class Home:
    """The use case over fakes, and what upstream sees of it."""

    def __init__(self, *destinations: EmailDestination | SmsDestination, kept_days: int = 5) -> None:
        self.clock = FakeClock(NOON)
        self.book = FakeDestinationBook(*destinations)
        self.drops, self.collected = FakeDropRecord(), FakeCollectedUntil()
        self.email, self.sms = FakeEmailGateway(self.clock), FakeSmsGateway(self.clock)
        self.list_id = self.email.add_list()
        self.home, self.work = FakeObjectStore(), FakeObjectStore()
        self.use_case = CollectOptOuts(
            book=self.book,
            drops=self.drops,
            collected=self.collected,
            email=FakeEmailGateways(self.email),
            sms=FakeSmsGateways(self.sms),
            home=self.home,
            work=self.work,
            clock=self.clock,
            kept_days=kept_days,
            connections=4,
        )

    def collect(self, seconds_left: float = 900.0) -> dict[str, int]:
        return self.use_case.collect(FakeTimeLeft(seconds_left))

    def leave(self, email: str) -> None:
        if email not in self.email.contact_book[self.list_id]:
            self.email.add_contact(self.list_id, email)
        self.email.unsubscribe(self.list_id, email)

    def rows(self) -> dict[str, list[list[str]]]:
        """By day: rows of its file without the list's name."""
        return {
            key.rsplit("/", 1)[-1].removesuffix(".csv"): [
                row[:-1] for row in list(csv.reader(io.StringIO(body.decode())))[1:]
            ]
            for key, body in sorted(self.home.objects.items())
        }

    def people(self) -> set[str]:
        return {row[0] for rows in self.rows().values() for row in rows}


def test_whoever_unsubscribed_is_in_the_file_of_their_day() -> None:
    home = Home(EMAIL)
    home.email.add_contact(home.list_id, "stays@example.com")
    home.leave("ada@example.com")
    home.clock.advance(24 * HOUR)
    home.leave("ben@example.com")

    assert home.collect() == {"lists": 1, "files": 5, "opt_outs": 2}

    assert {day: rows for day, rows in home.rows().items() if rows} == {
        "2026-11-29": [["ada@example.com", "2026-11-29T12:00:00", "Link"]],
        "2026-11-30": [["ben@example.com", "2026-11-30T12:00:00", "Link"]],
    }


def test_the_next_reading_writes_only_the_days_that_may_have_changed() -> None:
    home = Home(EMAIL)
    home.collect()
    first = dict(home.home.objects)
    home.home.objects.clear()
    home.clock.advance(HOUR)
    home.leave("ada@example.com")

    home.collect()

    assert sorted(home.rows()) == ["2026-11-28", "2026-11-29"]
    assert home.people() == {"ada@example.com"}
    assert set(home.home.objects) <= set(first)


def test_a_repeat_writes_the_same_files() -> None:
    home = Home(EMAIL, SMS)
    home.leave("ada@example.com")
    home.sms.add("17175550100")
    home.collect()
    home.sms.leave("17175550100")
    home.collect()
    before = dict(home.home.objects)

    home.collect()

    assert home.home.objects == before


def test_after_a_pause_nobody_is_missing() -> None:
    home = Home(EMAIL, kept_days=30)
    home.collect()
    for day in range(12):
        home.clock.advance(24 * HOUR)
        home.leave(f"p{day}@example.com")
    home.clock.advance(5 * HOUR)

    home.collect()

    assert home.people() == {f"p{day}@example.com" for day in range(12)}
    assert all(len(rows) == 1 for day, rows in home.rows().items() if "2026-11-30" <= day <= "2026-12-10")


@pytest.mark.parametrize("kind", ["email", "sms"])
def test_a_crash_at_every_step_in_turn_loses_nobody_and_changes_nothing(kind: str) -> None:
    whole = _with_people(kind)
    steps = _dying(whole, set())
    whole.collect()

    for step in range(2 * steps.taken):
        home = _with_people(kind)
        script = _dying(home, {step})
        with pytest.raises(Killed):
            home.collect()
        script.steps.clear()
        home.collect()
        assert home.home.objects == whole.home.objects, step


def _with_people(kind: str) -> Home:
    """Who was collected ten days ago and of whom some have left since, on each day."""
    home = Home(EMAIL if kind == "email" else SMS, kept_days=12)
    home.sms.add("17175550100")
    home.sms.add("17175550101")
    home.clock.advance(-10 * 24 * HOUR)
    home.collect()
    home.home.objects.clear()
    for day in range(10):
        home.clock.advance(24 * HOUR)
        home.leave(f"p{day}@example.com")
        home.sms.opt_out(f"1717556{day:04}")
    home.sms.leave("17175550101")
    return home


def _dying(home: Home, steps: set[int]) -> DyingScript:
    script = DyingScript(steps)
    for port in (home.home, home.work, home.collected, home.email, home.sms):
        port.script = script
    return script


def test_a_list_that_cannot_be_read_does_not_keep_the_others_and_is_told() -> None:
    home = Home(EmailDestination("gone", list_name="Gone"), EMAIL)
    home.leave("ada@example.com")

    with pytest.raises(ConfigurationError, match="no list named 'Gone'") as caught:
        home.collect()

    assert caught.value.code == "list_unknown"
    assert home.people() == {"ada@example.com"}
    assert "example.com" not in str(caught.value)


def test_a_destination_that_cannot_be_used_is_told_after_the_others_were_read() -> None:
    home = Home(EMAIL)
    home.book.faulty_names = ["broken"]
    home.leave("ada@example.com")

    with pytest.raises(ConfigurationError, match="broken"):
        home.collect()

    assert home.people() == {"ada@example.com"}


def test_what_time_runs_out_for_goes_on_the_next_time() -> None:
    home = Home(EMAIL)
    home.leave("ada@example.com")

    with pytest.raises(RetryableError):
        home.collect(seconds_left=10)
    assert home.people() == set()

    home.collect()
    assert home.people() == {"ada@example.com"}


def test_a_built_in_destination_counts_once_a_file_was_dropped_for_it() -> None:
    home = Home()

    assert home.collect()["lists"] == 0
    home.drops.note("sms", NOON)
    assert home.collect()["lists"] == 1
    assert all(key.startswith("sms/") for key in home.home.objects)


def test_two_destinations_of_one_list_are_one_list() -> None:
    home = Home(EMAIL, EmailDestination("other"))

    assert home.collect()["lists"] == 1


# --- phone lists ------------------------------------------------------------------------------------------------------


def test_opt_outs_of_the_sender_code_come_home_in_e164() -> None:
    home = Home(SMS)
    home.sms.add("17175550100")
    home.sms.opt_out("17175550100")

    home.collect()

    assert home.rows()["2026-11-29"] == [["+17175550100", "2026-11-29T12:00:00", "Campaign"]]


def test_whoever_left_the_phone_list_comes_home_and_stays_in_the_file_of_the_day() -> None:
    home = Home(SMS)
    for number in ("17175550100", "17175550101"):
        home.sms.add(number)
    home.collect()
    home.clock.advance(HOUR)
    home.sms.leave("17175550100")

    for _ in range(3):
        home.clock.advance(HOUR)
        home.collect()
        assert home.rows()["2026-11-29"] == [["+17175550100", "2026-11-29T13:00:00", "LeftList"]]


def test_opt_outs_without_a_number_keep_no_others_from_coming_home_and_are_counted() -> None:
    home = Home(SMS)
    home.sms.opt_out("17175550100")
    home.sms.nameless = ("2026-11-29T12:00:00", "")

    counts = home.collect()

    assert home.people() == {"+17175550100"}
    assert counts["without_number"] == 2


def test_a_phone_list_that_many_have_left_is_collected_over_several_invocations() -> None:
    home = Home(SMS)
    numbers = [f"1717555{number:04}" for number in range(300)]
    for number in numbers:
        home.sms.add(number)
    home.collect()
    for number in numbers[:200]:
        home.sms.leave(number)
    home.sms.contacts.pop(numbers[0])
    before = len(home.sms.script.calls)

    invocations = 0
    while home.sms.script.calls.count("left_list_at") < 200:
        invocations += 1
        with suppress(RetryableError):
            # It asks for the time at each page and at each number.
            home.use_case.collect(FakeTimeLeft(100, per_question=1))
    home.collect()

    assert invocations > 3
    assert home.people() == {f"+{number}" for number in numbers[1:200]}
    assert len(home.sms.script.calls) - before < 200 + 20 * (invocations + 1)


def test_somebody_who_comes_back_is_in_no_file_that_is_written_anew() -> None:
    home = Home(SMS)
    home.sms.add("17175550100")
    home.collect()
    home.sms.leave("17175550100")
    home.collect()
    home.sms.add("17175550100")

    home.collect()

    assert home.people() == set()


def test_a_leaver_of_a_day_that_is_written_no_more_is_in_the_first_that_is() -> None:
    home = Home(SMS)
    home.sms.add("17175550100")
    home.collect()
    home.sms.contacts["17175550100"].state, home.sms.contacts["17175550100"].left_at = "", NOON - 20 * 24 * HOUR

    for _ in range(2):
        home.collect()
        assert home.rows()["2026-11-28"] == [["+17175550100", "2026-11-28T00:00:00", "LeftList"]]


def test_a_phone_list_that_shows_nobody_is_not_believed_while_somebody_is_on_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    home = Home(SMS)
    home.sms.add("17175550100")
    home.collect()
    kept = dict(home.work.objects)
    monkeypatch.setattr(home.sms, "list_pages", lambda *_: iter([NumberPage((), None)]))

    with pytest.raises(RetryableError, match="shows nobody"):
        home.collect()

    assert home.work.objects == kept


def test_a_phone_list_that_everybody_has_left_is_believed() -> None:
    home = Home(SMS)
    for number in ("17175550100", "17175550101"):
        home.sms.add(number)
    home.collect()
    home.sms.leave("17175550100")
    del home.sms.contacts["17175550101"]

    home.collect()

    assert home.people() == {"+17175550100"}


class LongList(FakeSmsGateway):
    """Shows so ``many`` numbers, none of which it holds in memory."""

    many = 20_000

    def list_pages(self, sender_code_id: int, list_id: int, cursor: str | None = None) -> Iterator[NumberPage]:
        for first in range(0, self.many, 1_000):
            yield NumberPage(tuple(f"1717{5550000 + first + place}" for place in range(1_000)), "next")


def test_a_phone_list_takes_few_bytes_for_each_number_while_it_is_compared() -> None:
    home = Home(SMS)
    home.sms = LongList(home.clock)
    home.use_case = replace(home.use_case, sms=FakeSmsGateways(home.sms))
    home.collect()
    home.clock.advance(HOUR)
    tracemalloc.start()

    home.collect()

    of_each = tracemalloc.get_traced_memory()[1] / home.sms.many
    tracemalloc.stop()
    # A text takes sixty and its place in a set as many; that of the fake store is among them, thirteen for each copy.
    assert of_each < 80
