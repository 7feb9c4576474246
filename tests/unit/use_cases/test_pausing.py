"""A destination that an operator has paused: its files wait, and the time is not held against them."""

from __future__ import annotations

import pytest

from listrak_relay.domain.destinations.choices import Channel
from listrak_relay.domain.destinations.destinations import SmsDestination
from listrak_relay.domain.run.runs import DroppedFile, RunStatus
from listrak_relay.ports.pauses import way_out
from tests.support.runs.relay import Relay, destination, subscribers

DAY = 24 * 3600.0


@pytest.fixture
def relay() -> Relay:
    return Relay(destination())


def paused_run(relay: Relay, days: float) -> DroppedFile:
    relay.pauses.pause("email", relay.clock.now())
    source = relay.drop(subscribers(range(10)))
    relay.run_to_end(hours=days * 24)
    return source


@pytest.mark.parametrize("days", [0.5, 5, 13])
def test_what_is_dropped_while_its_destination_is_paused_waits_and_then_goes(relay: Relay, days: float) -> None:
    source = paused_run(relay, days)
    assert relay.listrak.subscribers(relay.list_id) == []
    assert relay.dead_letters == []
    relay.sweep()
    assert relay.ledger.get_run(source.run_id).status is RunStatus.DELIVERING

    relay.pauses.resume("email", relay.clock.now())
    relay.sweep()
    relay.run_to_end()

    assert relay.report(source)["status"] == "COMPLETED"
    assert relay.report(source)["counts"]["accepted"] == 10


def test_a_run_that_has_waited_for_a_pause_has_its_whole_time_from_then_on(relay: Relay) -> None:
    source = paused_run(relay, 5)
    relay.pauses.resume("email", relay.clock.now())
    relay.clock.advance(1.5 * DAY)
    assert relay.sweep().found["overdue"] == 0

    relay.clock.advance(1 * DAY)

    assert relay.sweep().found["overdue"] == 1
    relay.close_queue.take()
    assert relay.ledger.get_run(source.run_id).tally.dead_lettered == 10


def test_a_pause_of_its_whole_way_out_is_not_held_against_a_run_either(relay: Relay) -> None:
    relay.pauses.pause(way_out(Channel.EMAIL), relay.clock.now())
    relay.drop(subscribers(range(10)))
    relay.email_queue.take()  # nobody takes its message: the queue gives none out
    relay.clock.advance(5 * DAY)
    assert relay.sweep().found["overdue"] == 0

    relay.pauses.resume(way_out(Channel.EMAIL), relay.clock.now())
    relay.clock.advance(3 * DAY)

    assert relay.sweep().found["overdue"] == 1


def test_other_destinations_go_on(relay: Relay) -> None:
    relay.pauses.pause("sms", relay.clock.now())

    source = relay.drop(subscribers(range(10)))
    relay.run_to_end()

    assert relay.report(source)["status"] == "COMPLETED"


def test_nothing_is_texted_while_the_destination_for_texts_is_paused() -> None:
    relay = Relay(SmsDestination("sms"))
    relay.pauses.pause("sms", relay.clock.now())

    relay.drop(subscribers(range(3)), key="sms/vip/file.csv")
    relay.run_to_end(hours=24)

    assert relay.sms.contacts == {}


def test_a_feed_waits_while_its_destination_is_paused() -> None:
    relay = Relay()
    relay.pauses.pause("products", relay.clock.now())

    source = relay.drop_feed([("red",)], "products/products.csv", {"sku": "red,1\n"})
    relay.run_to_end(hours=24)
    assert relay.sftp.files == {}

    relay.pauses.resume("products", relay.clock.now())
    relay.run_to_end()
    assert relay.report(source)["status"] == "COMPLETED"


def test_what_was_sent_before_the_pause_is_followed_to_its_end(relay: Relay) -> None:
    relay.listrak.finish_at_once = False
    source = relay.drop(subscribers(range(10)))
    relay.run_to_end(hours=0.1)
    relay.pauses.pause("email", relay.clock.now())

    relay.listrak.finish_imports()
    relay.run_to_end()

    assert relay.report(source)["status"] == "COMPLETED"
