"""The import that takes the marks of those who leave an audience: late, never ended, never answered."""

from __future__ import annotations

from listrak_relay.domain.delivery.email_plan import EmailPlan
from listrak_relay.domain.destinations.choices import Mode
from listrak_relay.domain.run.runs import DroppedFile
from tests.support.fakes.email_gateway import FakeImport
from tests.support.runs.relay import Relay, destination, email_of, subscribers

HOUR = 3_600.0


def leaving_five(relay: Relay | None = None) -> tuple[Relay, DroppedFile]:
    """A mirror run is dropped whose file lacks five of the audience's twenty; from now on no import ends by itself."""
    relay = relay or Relay(destination(mode=Mode.MIRROR, mirror_guard_percent=50))
    relay.drop(subscribers(range(20)), "email/vip/monday.csv")
    relay.run_to_end()
    relay.listrak.finish_at_once = False
    return relay, relay.drop(subscribers(range(15)), "email/vip/tuesday.csv")


def under_way(relay: Relay, leavers: bool) -> list[FakeImport]:
    return [
        each
        for each in relay.listrak.imports.values()
        if not each.finished and each.order and ("leavers" in each.order.file_name) == leavers
    ]


def test_a_clearing_of_six_hours_is_waited_for() -> None:
    relay, source = leaving_five()
    relay.run_to_end(hours=6)
    relay.listrak.finish_imports()
    relay.run_to_end()

    assert relay.report(source)["status"] == "COMPLETED"
    assert relay.listrak.members(relay.list_id, "vip") == sorted(email_of(n) for n in range(15))


def test_a_clearing_that_never_ends_lets_the_rows_be_counted_as_they_were_taken_and_is_told() -> None:
    relay, source = leaving_five()
    began = relay.clock.now()
    relay.run_to_end(hours=1)
    (own,) = under_way(relay, leavers=False)
    relay.listrak.finish(own)
    relay.run_to_end(hours=72)

    report = relay.report(source)
    assert report["status"] == "STALLED"
    assert report["problem_code"] == "clearing_stalled"
    assert report["counts"]["accepted"] == 15
    assert report["balanced"]
    (sentence,) = report["attention"]
    assert "5 people" in sentence
    assert "24 hours" in sentence
    assert relay.dead_letters == []
    assert 24 * HOUR < relay.ledger.get_run(source.run_id).closed_at - began < 25 * HOUR  # type: ignore[operator]


def test_the_next_mirror_run_takes_the_marks_that_a_clearing_left() -> None:
    relay, _ = leaving_five()
    relay.run_to_end(hours=1)
    (own,) = under_way(relay, leavers=False)
    relay.listrak.finish(own)
    relay.run_to_end(hours=72)
    relay.listrak.finish_at_once = True
    source = relay.drop(subscribers(range(15)), "email/vip/wednesday.csv")
    relay.run_to_end()

    assert relay.report(source)["status"] == "COMPLETED"
    assert relay.listrak.members(relay.list_id, "vip") == sorted(email_of(n) for n in range(15))


def test_neither_the_import_nor_the_clearing_ends() -> None:
    relay, source = leaving_five()
    relay.run_to_end(hours=100)

    report = relay.report(source)
    assert report["status"] == "STALLED"
    assert report["counts"]["dead_lettered"] == 15
    assert report["balanced"]


def test_a_clearing_whose_answer_is_lost_each_time_is_begun_ten_times_and_no_more_by_all_chunks() -> None:
    relay = Relay(destination(mode=Mode.MIRROR, mirror_guard_percent=50))
    relay.reader.rows_per_chunk = 4
    relay, source = leaving_five(relay)
    relay.listrak.finish_at_once = True
    relay.listrak.loses = lambda order: "leavers" in order.file_name
    relay.run_to_end(hours=72)

    plan = relay.ledger.get_plan(source.run_id, EmailPlan)
    assert plan
    assert plan.clear_attempts == 10
    report = relay.report(source)
    assert report["problem_code"] == "attempts_used_up"
    assert report["balanced"]
    assert len(relay.dead_letters) == len(report["chunks"])

    relay.listrak.loses = lambda _: False
    relay.redrive()
    relay.run_to_end()
    assert relay.report(source)["status"] == "COMPLETED"
    assert relay.listrak.members(relay.list_id, "vip") == sorted(email_of(n) for n in range(15))
