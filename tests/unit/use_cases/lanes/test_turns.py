"""Runs of one list: who waits for whom, for how long, and who never does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from listrak_relay.domain.destinations.choices import Mode
from listrak_relay.domain.run.manifest import Action
from listrak_relay.domain.run.runs import DroppedFile, RunStatus
from tests.support.runs.relay import Relay, destination, email_of, subscribers
from tests.support.runs.sms_relay import TIER, digits, sms_relay, sms_rows

A_WHILE = 0.02
"""Hours."""


def status(relay: Relay, source: DroppedFile) -> RunStatus:
    return relay.ledger.get_run(source.run_id).status


def slow_relay(**values: object) -> Relay:
    relay = Relay(destination(**values))
    relay.listrak.finish_at_once = False
    return relay


def finish(relay: Relay) -> None:
    """Imports end as they fall due, until there is nothing left to do."""
    for _ in range(10):
        relay.listrak.finish_imports()
        relay.run_to_end(hours=1)


def test_a_no_dropped_after_a_yes_wins_although_the_import_takes_long() -> None:
    relay = slow_relay()
    relay.drop(subscribers(range(5)), "email/vip/yes.csv")
    relay.run_to_end(A_WHILE)
    no = relay.drop(subscribers([3], Action.UNSUBSCRIBE), "email/vip/no.csv")
    relay.run_to_end(A_WHILE)
    assert status(relay, no) is RunStatus.WAITING

    finish(relay)

    assert email_of(3) not in relay.listrak.subscribers(relay.list_id)
    assert relay.report(no)["counts"]["accepted"] == 1
    assert relay.report(no)["attention"] == []


def test_a_yes_dropped_after_a_no_waits_for_it() -> None:
    relay = slow_relay(resubscribe=False)
    relay.drop(subscribers(range(5), Action.UNSUBSCRIBE), "email/vip/no.csv")
    relay.run_to_end(A_WHILE)
    yes = relay.drop(subscribers([9]), "email/vip/yes.csv")
    relay.run_to_end(A_WHILE)

    assert status(relay, yes) is RunStatus.WAITING
    finish(relay)
    assert status(relay, yes) is RunStatus.COMPLETED


@pytest.mark.parametrize("many", [2, 10], ids=["by contact", "by import"])
def test_opt_outs_go_at_once_and_once_more_in_their_turn(many: int) -> None:
    relay = slow_relay()
    for number in range(many):
        relay.listrak.add_contact(relay.list_id, email_of(number))
    relay.drop(subscribers(range(100, 105)), "email/vip/yes.csv")
    relay.run_to_end(A_WHILE)
    no = relay.drop(subscribers(range(many), Action.UNSUBSCRIBE), "email/vip/no.csv")
    relay.run_to_end(A_WHILE)
    early = [begun for begun in relay.listrak.imports.values() if begun.order and "early" in begun.order.file_name]
    for begun in early:
        relay.listrak.finish(begun)

    assert len(early) == (1 if many > 2 else 0)
    assert status(relay, no) is RunStatus.WAITING
    assert relay.listrak.subscribers(relay.list_id) == []
    finish(relay)
    assert relay.report(no)["counts"]["accepted"] == many
    assert relay.report(no)["attention"] == []


def test_what_was_sent_early_is_waited_for_before_the_next_file_has_its_turn() -> None:
    relay = slow_relay()
    relay.book.destinations["back"] = replace(destination(resubscribe=True), name="back")
    for number in range(10):
        relay.listrak.add_contact(relay.list_id, email_of(number))
    relay.drop(subscribers(range(100, 105)), "email/vip/before.csv")
    relay.run_to_end(A_WHILE)
    no = relay.drop(subscribers(range(10), Action.UNSUBSCRIBE), "email/vip/no.csv")
    relay.run_to_end(A_WHILE)
    relay.drop(subscribers(range(10)), "back/vip/yes.csv")
    early = next(one for one in relay.listrak.imports.values() if one.order and "early" in one.order.file_name)

    for _ in range(5):
        for begun in list(relay.listrak.imports.values()):
            if not begun.finished and begun is not early:
                relay.listrak.finish(begun)
        relay.run_to_end(hours=1)
    waits_for_it = status(relay, no)
    finish(relay)

    assert waits_for_it is not RunStatus.COMPLETED
    assert relay.listrak.subscribers(relay.list_id) == sorted(email_of(n) for n in (*range(10), *range(100, 105)))


def test_sms_opt_outs_go_at_once() -> None:
    relay = sms_relay(TIER)
    relay.sms.add(digits(1))
    relay.sms.imports_wait = True
    relay.drop(sms_rows([2], Action.SUBSCRIBE, "gold"), "sms/vip/yes.csv")
    relay.run_to_end(A_WHILE)
    no = relay.drop(sms_rows([1], Action.UNSUBSCRIBE), "sms/vip/no.csv")
    relay.run_to_end(A_WHILE)

    assert status(relay, no) is RunStatus.WAITING
    assert relay.sms.subscribed() == [digits(2)]


def test_the_ledger_says_for_which_run_another_waits() -> None:
    relay = slow_relay()
    yes = relay.drop(subscribers(range(5)), "email/vip/yes.csv")
    relay.run_to_end(A_WHILE)
    no = relay.drop(subscribers([3], Action.UNSUBSCRIBE), "email/vip/no.csv")
    relay.run_to_end(A_WHILE)

    assert yes.run_id in (relay.ledger.get_run(no.run_id).waiting_for or "")
    finish(relay)
    assert relay.ledger.get_run(no.run_id).waiting_for is None
    assert relay.report(no)["waited_seconds"] > 0


def test_thirty_plain_audiences_go_side_by_side() -> None:
    relay = slow_relay()
    dropped = [relay.drop(subscribers(range(n, n + 5)), f"email/audience{n}/people.csv") for n in range(30)]
    relay.run_to_end(A_WHILE)

    assert len([begun for begun in relay.listrak.imports.values() if not begun.finished]) == 30
    finish(relay)
    assert {relay.report(source)["waited_seconds"] for source in dropped} == {0}


def test_two_lists_never_wait_for_each_other() -> None:
    relay = slow_relay()
    relay.listrak.add_list("Other")
    relay.drop(subscribers(range(5)), "email/vip/yes.csv")
    relay.run_to_end(A_WHILE)
    relay.book.destinations["other"] = destination(list_name="Other")
    other = relay.drop(subscribers([3], Action.UNSUBSCRIBE), "other/vip/no.csv")
    relay.run_to_end(A_WHILE)

    assert status(relay, other) is RunStatus.COMPLETED


@pytest.mark.parametrize("values", [{"mode": Mode.MIRROR}, {"resubscribe": True}])
def test_a_run_that_mirrors_or_lifts_opt_outs_waits_for_a_plain_one(values: dict[str, object]) -> None:
    relay = slow_relay()
    relay.drop(subscribers(range(5)), "email/vip/yes.csv")
    relay.run_to_end(A_WHILE)
    relay.book.destinations["email"] = destination(**values)
    special = relay.drop(subscribers(range(5)), "email/vip/again.csv")
    relay.run_to_end(A_WHILE)

    assert status(relay, special) is RunStatus.WAITING
    finish(relay)
    assert status(relay, special) is RunStatus.COMPLETED


def test_a_run_that_has_waited_too_long_goes_on_and_says_whom_it_overtook() -> None:
    relay = Relay(order_wait_hours=6)
    relay.listrak.finish_at_once = False
    yes = relay.drop(subscribers(range(5)), "email/vip/yes.csv")
    relay.run_to_end(A_WHILE)
    no = relay.drop(subscribers([7], Action.UNSUBSCRIBE), "email/vip/no.csv")
    relay.run_to_end(hours=8)

    report = relay.report(no)
    assert any(yes.run_id in sentence and "6 hours" in sentence for sentence in report["attention"])
    assert report["waited_seconds"] > 6 * 3600


def test_a_file_that_is_not_read_yet_is_waited_for() -> None:
    relay = slow_relay()
    source = relay.drops.drop("email/vip/first.csv", b"email\n")
    relay.reader.refuse = None
    relay.reader.script.fail("read", KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        relay.ingesting.ingest(source, "one", 900)
    later = relay.drop(subscribers([1, 2]), "email/vip/second.csv")
    relay.run_to_end(A_WHILE)
    assert status(relay, later) is RunStatus.WAITING

    # Nobody reads it any more: its lease is over.
    relay.run_to_end(hours=1)
    assert status(relay, later) is RunStatus.COMPLETED


def test_a_rejected_file_is_not_waited_for() -> None:
    relay = slow_relay()
    relay.drop([], "email/nothing.csv")
    no = relay.drop(subscribers([1], Action.UNSUBSCRIBE), "email/vip/no.csv")
    relay.run_to_end(A_WHILE)

    assert status(relay, no) is RunStatus.COMPLETED


def test_the_sweep_counts_a_runs_time_from_its_turn() -> None:
    relay = Relay(order_wait_hours=36)
    relay.listrak.finish_at_once = False
    lost = relay.drop(subscribers(range(5)), "email/vip/yes.csv")
    relay.email_queue.take()
    no = relay.drop(subscribers(range(5, 9), Action.UNSUBSCRIBE), "email/vip/no.csv")
    relay.run_to_end(hours=37)
    relay.clock.advance(13 * 3600)
    relay.sweep()

    assert relay.ledger.get_run(lost.run_id).problem_code == "overdue"
    assert relay.ledger.get_run(no.run_id).problem_code is None
    finish(relay)
    assert status(relay, lost) is RunStatus.STALLED
    assert status(relay, no) is RunStatus.COMPLETED
