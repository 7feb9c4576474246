"""A phone list, and the opt-outs of its sender code, that take several invocations to read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from listrak_relay.domain.delivery.plans import Stage
from listrak_relay.domain.delivery.sms_plan import SmsPlan
from listrak_relay.domain.destinations.choices import Mode
from listrak_relay.domain.run.manifest import Action
from listrak_relay.use_cases.sms.reading import PAGES_IN_A_PART
from tests.support.fakes import Script
from tests.support.runs.relay import Killed, Relay
from tests.support.runs.sms_relay import digits, sms_relay, sms_rows

LISTED, OPTED_OUT = 600, 150


class Pages(Script):
    """Something happens before each page of a list, which is given as its number."""

    def __init__(self, before: Callable[[int], None]) -> None:
        super().__init__()
        self._before = before

    @contextmanager
    def step(self, method: str) -> Iterator[None]:
        if method in ("list_page", "opt_out_page"):
            self._before(self.pages() + 1)
        with super().step(method):
            yield

    def pages(self) -> int:
        return self.calls.count("list_page") + self.calls.count("opt_out_page")


def long_list(mode: Mode = Mode.ADD, page_size: int = 10) -> Relay:
    """People 0 to 599 are on the list and 600 to 749 have opted out; a page holds ten of them."""
    relay = sms_relay(mode=mode, mirror_guard_percent=100, audience_guard_percent=100)
    for number in range(LISTED):
        relay.sms.add(digits(number))
    for number in range(LISTED, LISTED + OPTED_OUT):
        relay.sms.opt_out(digits(number))
    relay.sms.page_size = page_size
    return relay


class TimeLeft:
    """Of invocations that have time for seven pages while they read, and enough for all else."""

    def __init__(self, relay: Relay, script: Pages) -> None:
        self._relay, self._script, self._read = relay, script, 0

    def __call__(self) -> float:
        pages = self._script.pages()
        if not self._reads() or pages < self._read + 7:
            return 900.0
        self._read = pages
        return 59.0

    def _reads(self) -> bool:
        plans = (self._relay.ledger.get_plan(run.run_id, SmsPlan) for run in self._relay.ledger.open_runs())
        return any(plan is None or plan.stage is Stage.GUARD for plan in plans)


def seven_pages_at_a_time(relay: Relay, before: Callable[[int], None] = lambda _: None) -> None:
    """``before``: what happens at each page."""
    relay.sms.script = Pages(before)
    relay.time_left = TimeLeft(relay, relay.sms.script)  # type: ignore[assignment]


def test_the_reading_goes_on_where_it_stopped_and_no_page_is_read_twice() -> None:
    relay = long_list()
    seven_pages_at_a_time(relay)
    source = relay.drop(sms_rows([1, 2, LISTED + 3, 5_000], Action.SUBSCRIBE), "sms/vip/file.csv")
    relay.run_to_end()

    report = relay.report(source)
    assert report["status"] == "COMPLETED"
    assert report["accepted_as"] == {"already_right": 2, "created": 1}
    assert report["reasons"] == {"opted_out": 1}
    plan = relay.ledger.get_plan(source.run_id, SmsPlan)
    assert plan
    assert plan.listed_parts > 5
    assert plan.opted_out_parts > 1
    # The opt-outs since the plan are read once more before somebody is created.
    assert relay.sms.script.calls.count("list_page") == LISTED // 10
    assert relay.sms.script.calls.count("opt_out_page") == 2 * OPTED_OUT // 10


def test_whom_listrak_showed_is_not_kept_when_all_is_decided() -> None:
    relay = long_list()
    seven_pages_at_a_time(relay)
    relay.drop(sms_rows([1, 2], Action.SUBSCRIBE), "sms/vip/file.csv")
    relay.run_to_end()

    kept = [body for key, body in relay.store.objects.items() if key.endswith(".numbers")]
    assert kept
    assert set(kept) == {b""}


def test_a_mirror_of_a_list_read_in_parts_takes_off_exactly_who_is_not_in_the_file() -> None:
    relay = long_list(Mode.MIRROR)
    seven_pages_at_a_time(relay)
    source = relay.drop(sms_rows(range(100, LISTED + 20), Action.SUBSCRIBE), "sms/vip/file.csv")
    relay.run_to_end()

    report = relay.report(source)
    assert relay.sms.subscribed() == sorted(digits(n) for n in range(100, LISTED))
    assert report["removals"] == {"removed": 100}
    assert report["audience_size"]["before"] == LISTED
    assert relay.sms.lifted == []


@pytest.mark.parametrize("killed_at", [(3,), (20, 21, 22), (40, 70)])
def test_a_process_killed_midway_changes_nothing_in_the_end(killed_at: tuple[int, ...]) -> None:
    relay = long_list(Mode.MIRROR)
    left = set(killed_at)

    def die(page: int) -> None:
        if page in left:
            left.discard(page)
            raise Killed

    seven_pages_at_a_time(relay)
    relay.sms.script._before = die  # type: ignore[attr-defined]
    relay.drop(sms_rows(range(100, LISTED), Action.SUBSCRIBE), "sms/vip/file.csv")
    relay.run_to_end()

    assert not left
    assert relay.sms.subscribed() == sorted(digits(n) for n in range(100, LISTED))


def test_a_crash_costs_no_more_than_a_part() -> None:
    relay = long_list(page_size=1)
    left = {500}

    def die(page: int) -> None:
        if page in left:
            left.discard(page)
            raise Killed

    relay.sms.script = Pages(die)
    relay.drop(sms_rows([1], Action.SUBSCRIBE), "sms/vip/file.csv")
    relay.run_to_end()

    read = relay.sms.script.calls.count("list_page") + relay.sms.script.calls.count("opt_out_page")
    assert read <= LISTED + OPTED_OUT + PAGES_IN_A_PART
    assert relay.sms.script.calls.count("list_page") < LISTED + PAGES_IN_A_PART


def endless(relay: Relay) -> None:
    """The list's cursors lead round; each page takes a minute, and an invocation fifteen."""
    relay.sms.list_leads_round = True
    seven_pages_at_a_time(relay)
    relay.sms.script._before = lambda _: relay.clock.advance(60)  # type: ignore[attr-defined]


def test_a_list_that_never_ends_refuses_a_mirror_run_after_six_hours() -> None:
    relay = long_list(Mode.MIRROR)
    endless(relay)
    began = relay.clock.now()
    source = relay.drop(sms_rows(range(LISTED), Action.SUBSCRIBE), "sms/vip/file.csv")
    relay.run_to_end()

    report = relay.report(source)
    assert report["status"] == "REJECTED"
    assert report["problem_code"] == "list_unreadable"
    assert len(relay.sms.subscribed()) == LISTED
    ended = relay.ledger.get_run(source.run_id).closed_at
    assert ended
    assert 6 * 3600 < ended - began < 7 * 3600


def test_a_list_that_never_ends_lets_other_runs_send_every_number() -> None:
    relay = long_list()
    endless(relay)
    source = relay.drop(sms_rows([1, LISTED + 1, 5_000], Action.SUBSCRIBE), "sms/vip/file.csv")
    relay.run_to_end()

    report = relay.report(source)
    assert report["status"] == "COMPLETED"
    assert report["counts"]["accepted"] == 2
    assert report["reasons"] == {"opted_out": 1}
    assert any("could not be read" in sentence for sentence in report["attention"])
