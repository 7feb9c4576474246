"""Waits in simulated time: one that takes hours, and many at once. The numbers are those of ADR 29."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from listrak_relay.domain.destinations.choices import Mode
from listrak_relay.domain.run.manifest import Action
from listrak_relay.domain.run.runs import DroppedFile
from tests.support.fakes import FakeClock, FakeLedger, Script
from tests.support.runs.night import PREPARING_SECONDS, Invocations, Night
from tests.support.runs.relay import OUTCOME_WAIT, Relay, destination, email_of, subscribers
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


@pytest.mark.parametrize(("audiences", "hand_outs"), [(30, 8), (100, LAMBDAS_OWN_LIMIT)])
def test_audiences_dropped_at_once_on_one_list_all_end_soon(audiences: int, hand_outs: int) -> None:
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
    assert hand_outs < worst < 80


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


# --- what never ends --------------------------------------------------------------------------------------------------


class LocksOfOthers(FakeLedger):
    """Locks whose names begin so are held by somebody who never lets go."""

    def __init__(self, clock: FakeClock, beginning: str) -> None:
        super().__init__(clock)
        self._beginning = beginning

    def acquire_lock(self, name: str, owner: str, seconds: float) -> bool:
        return not name.startswith(self._beginning) and super().acquire_lock(name, owner, seconds)


def drop_people(relay: Relay) -> DroppedFile:
    return relay.drop(subscribers(range(10)), "email/vip/people.csv")


def drop_numbers(relay: Relay) -> DroppedFile:
    relay.reader.columns = ()
    return relay.drop(sms_rows(range(10), Action.SUBSCRIBE), "sms/vip/people.csv")


def drop_orders(relay: Relay) -> DroppedFile:
    return relay.drop_feed(
        [(f"{n}", "a@example.com") for n in range(10)], "orders/orders.csv", {"ordernumber": "0,1\n"}
    )


@pytest.mark.parametrize(
    ("lock", "drop", "waits_for"),
    [
        ("prepare/email", drop_people, "another delivery is preparing this list"),
        ("mirror/", drop_people, "another mirror run of this audience is under way"),
        ("prepare/sms", drop_numbers, "another delivery is preparing this list"),
        ("sftp/", drop_orders, "another file of this destination is being sent"),
    ],
)
def test_a_wait_that_never_ends_is_told_after_twelve_hours_with_every_row_accounted_for(
    lock: str, drop: Callable[[Relay], DroppedFile], waits_for: str
) -> None:
    clock = FakeClock()
    relay = Relay(destination(mode=Mode.MIRROR), clock=clock, ledger=LocksOfOthers(clock, lock))
    source = drop(relay)
    began = clock.now()
    relay.run_to_end(hours=100)

    report = relay.report(source)
    assert report["status"] == "STALLED"
    assert report["problem_code"] == "waited_too_long"
    assert waits_for in report["problem"]
    assert report["counts"]["dead_lettered"] == 10
    assert report["balanced"]
    assert 12 * HOUR < closed_after(relay, source, began) < 12.2 * HOUR
    assert len(relay.dead_letters) == 1


def test_a_feed_that_waits_for_another_in_vain_goes_when_its_time_is_over() -> None:
    relay = Relay()
    source = relay.drop_feed([("1", "sku")], "order_items/items.csv", {"ordernumber": "1,1\n", "sku": "sku,1\n"})
    began = relay.clock.now()
    relay.run_to_end(hours=100)

    assert relay.report(source)["status"] == "COMPLETED"
    assert closed_after(relay, source, began) < 1 * HOUR


def test_an_import_that_gets_no_answer_each_time_is_begun_ten_times_and_no_more() -> None:
    """Listrak answers with a fault, or without an id, and lists none of them."""
    relay = Relay()
    relay.listrak.loses = lambda _: True
    source = drop_people(relay)
    began = relay.clock.now()
    relay.run_to_end(hours=100)

    report = relay.report(source)
    assert (report["status"], report["problem_code"]) == ("FAILED", "attempts_used_up")
    assert report["counts"]["dead_lettered"] == 10
    assert relay.listrak.script.calls.count("start_import") == 10
    assert closed_after(relay, source, began) < 15 * OUTCOME_WAIT
