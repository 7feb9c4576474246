"""Waits in simulated time: one that takes hours, and many at once. The numbers are those of ADR 29."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from listrak_relay.domain.run.manifest import Action
from listrak_relay.domain.run.runs import DroppedFile
from tests.support.fakes import FakeClock, Script
from tests.support.runs.night import PREPARING_SECONDS, Invocations, Night
from tests.support.runs.relay import Relay, email_of, subscribers
from tests.support.runs.sms_relay import digits, sms_relay, sms_rows

HOUR = 3_600.0
LAMBDAS_OWN_LIMIT = 16
"""Hand-outs of a message after which Lambda takes it for a loop, if it is not told otherwise."""


def closed_after(relay: Relay, source: DroppedFile, began: float) -> float:
    closed = relay.ledger.get_run(source.run_id).closed_at
    assert closed is not None
    return closed - began


def test_an_import_of_six_hours_is_followed_to_its_end() -> None:
    night = Night()
    night.listrak.finish_at_once = False
    source = night.drop(subscribers(range(10)))
    began = night.clock.now()
    night.run_to_end(hours=6)
    night.listrak.finish_imports()
    night.run_to_end()

    report = night.report(source)
    assert report["status"] == "COMPLETED"
    assert report["counts"]["accepted"] == 10
    assert closed_after(night, source, began) < 6.3 * HOUR
    assert LAMBDAS_OWN_LIMIT < night.hand_outs[source.run_id, "FollowImport"] < 150


@pytest.mark.parametrize("audiences", [30, 100])
def test_audiences_dropped_at_once_on_one_list_all_end_soon(audiences: int) -> None:
    night = Night()
    dropped = [night.drop(subscribers(range(n, n + 5)), f"email/audience{n}/people.csv") for n in range(audiences)]
    began = night.clock.now()
    night.run_to_end()

    assert {night.report(source)["status"] for source in dropped} == {"COMPLETED"}
    assert night.dead_letters == []
    # One after the other they take so long at least.
    least = audiences * PREPARING_SECONDS
    assert least <= max(closed_after(night, source, began) for source in dropped) < 2 * least + 60
    worst = max(night.hand_outs[source.run_id, "DeliverChunk"] for source in dropped)
    assert LAMBDAS_OWN_LIMIT < worst < 80


def test_files_that_take_turns_all_end_one_after_the_other() -> None:
    night = Night()
    for number in range(20):
        night.listrak.add_contact(night.list_id, email_of(number))
    night.listrak.finish_at_once = False
    dropped = [night.drop(subscribers([n, 100 + n], Action.UNSUBSCRIBE), f"email/a{n}/no.csv") for n in range(20)]
    for _ in range(20 * 10):
        night.run_to_end(hours=0.1)
        night.listrak.finish_imports()

    assert {night.report(source)["status"] for source in dropped} == {"COMPLETED"}
    assert night.listrak.subscribers(night.list_id) == []
    waited = [night.report(source)["waited_seconds"] for source in dropped]
    assert sorted(waited) == waited
    assert night.dead_letters == []


class SlowPages(Script):
    """Each call of these methods lasts some seconds of the clock."""

    def __init__(self, clock: FakeClock, seconds: float, *methods: str) -> None:
        super().__init__()
        self._clock, self._seconds, self._methods = clock, seconds, methods

    @contextmanager
    def step(self, method: str) -> Iterator[None]:
        if method in self._methods:
            self._clock.advance(self._seconds)
        with super().step(method):
            yield


def test_a_phone_list_of_ten_million_is_read_in_three_invocations_and_compared_in_a_fourth() -> None:
    """Two thousand pages of a second each, here with one number instead of five thousand."""
    relay = sms_relay()
    for number in range(2_000):
        relay.sms.add(digits(number))
    relay.sms.page_size = 1
    relay.sms.script = SlowPages(relay.clock, 1, "list_page")
    invocations = Invocations(relay, relay.sms_queue)
    source = relay.drop(sms_rows([1, 5_000], Action.SUBSCRIBE), "sms/vip/file.csv")
    began = relay.clock.now()
    relay.run_to_end()

    assert relay.report(source)["accepted_as"] == {"already_right": 1, "created": 1}
    assert relay.sms.script.calls.count("list_page") == 2_000
    assert invocations.count == 4
    assert closed_after(relay, source, began) < 2_100


def test_the_results_of_two_million_rows_are_read_in_three_invocations() -> None:
    """Four hundred pages of five seconds each, here with one contact instead of five thousand."""
    relay = Relay()
    for number in range(400):
        relay.listrak.ban(email_of(number))
    relay.listrak.page_size = 1
    relay.listrak.script = SlowPages(relay.clock, 5, "import_results")
    invocations = Invocations(relay, relay.import_queue)
    source = relay.drop(subscribers(range(400)))
    relay.run_to_end()

    assert relay.report(source)["counts"]["refused"] == len(relay.lines(source)) == 400
    assert relay.listrak.script.calls.count("import_results") == 400
    assert invocations.count == 3
