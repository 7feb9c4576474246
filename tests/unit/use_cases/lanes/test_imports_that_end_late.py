"""What newer files have said holds although an older import ends after them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listrak_relay.domain.delivery.email_plan import EmailPlan
from listrak_relay.domain.destinations.destinations import EmailDestination
from listrak_relay.domain.run.manifest import CLEARED, Action
from listrak_relay.domain.run.runs import RunStatus
from listrak_relay.errors import CallFailedError, ConfigurationError
from listrak_relay.use_cases.lanes.opt_outs import OptOuts
from listrak_relay.use_cases.lanes.since import SaidSince
from listrak_relay.use_cases.lanes.superseding import Superseding
from listrak_relay.use_cases.monitor_import import TELLINGS
from listrak_relay.use_cases.runs.manifest_store import load_manifest
from tests.support.examples import examples
from tests.support.fakes import FakePersonHashes
from tests.support.runs.relay import Relay, destination, email_of, subscribers

DEADLINE_HOURS = 26


def city_of(relay: Relay, person: int) -> str:
    [value] = [v for v in relay.listrak.contact_book[relay.list_id][email_of(person)].values.values() if v != "on"]
    return value


def slow_relay(small_chunk_rows: int = 3, **values: Any) -> Relay:
    relay = Relay(destination(**values), small_chunk_rows=small_chunk_rows)
    relay.listrak.finish_at_once = False
    return relay


def test_a_no_holds_against_an_import_that_ends_after_it_was_given_up() -> None:
    relay = slow_relay()
    first = relay.drop(subscribers(range(5)), "email/vip/first.csv")
    relay.run_to_end(hours=DEADLINE_HOURS)
    assert relay.ledger.get_run(first.run_id).status is RunStatus.STALLED
    relay.drop(subscribers([3], Action.UNSUBSCRIBE), "email/vip/no.csv")
    relay.run_to_end(hours=1)

    relay.listrak.finish_imports()
    relay.run_to_end(hours=1)

    assert email_of(3) not in relay.listrak.subscribers(relay.list_id)
    assert len(relay.listrak.subscribers(relay.list_id)) == 4


def test_a_no_that_cannot_be_said_again_is_tried_some_times_and_then_told_and_the_others_are_not_kept_back() -> None:
    relay = slow_relay()
    relay.drop(subscribers(range(5)), "email/vip/first.csv")
    relay.run_to_end(hours=DEADLINE_HOURS)
    relay.drop(subscribers([1, 2], Action.UNSUBSCRIBE), "email/vip/no.csv")
    relay.run_to_end(hours=1)
    relay.listrak.failing = {("save_contact", email_of(1)): CallFailedError("POST Contact: Listrak answered 500")}

    relay.listrak.finish_imports()
    relay.run_to_end(hours=24 * 15)

    assert relay.listrak.subscribers(relay.list_id) == [email_of(n) for n in (0, 1, 3, 4)]
    assert relay.listrak.saved[email_of(1)] == TELLINGS + 1
    assert len(relay.dead_letters) == 1

    relay.listrak.failing = {}
    relay.redrive()
    relay.run_to_end(hours=1)
    assert relay.listrak.subscribers(relay.list_id) == [email_of(n) for n in (0, 3, 4)]
    assert relay.dead_letters == []


@pytest.mark.parametrize(("single_calls", "failing"), [(1, 1), (1, 40), (1_000, 40)], ids=str)
def test_a_no_is_said_again_however_many_calls_about_others_fail(single_calls: int, failing: int) -> None:
    """With ``single_calls`` of 1 by an import, beside which those go one by one whose value is taken away."""
    relay = slow_relay()
    relay.deploy_monitor(single_calls=single_calls)
    people, leaver = range(failing), failing
    relay.drop(subscribers(range(failing + 4)), "email/vip/first.csv")
    relay.run_to_end(hours=DEADLINE_HOURS)
    relay.drop(subscribers(people, city=CLEARED), "email/vip/cleared.csv")
    relay.drop(subscribers([leaver], Action.UNSUBSCRIBE), "email/vip/no.csv")
    relay.run_to_end(hours=1)
    away = CallFailedError("POST Contact: Listrak answered 500")
    relay.listrak.failing = {("save_contact", email_of(person)): away for person in people}

    relay.listrak.finish_imports()
    relay.listrak.finish_at_once = True
    relay.run_to_end(hours=24)

    assert email_of(leaver) not in relay.listrak.subscribers(relay.list_id)
    assert len(relay.listrak.subscribers(relay.list_id)) == failing + 3
    assert len(relay.dead_letters) == 1

    relay.listrak.failing = {}
    relay.redrive()
    relay.run_to_end(hours=1)
    assert {city_of(relay, person) for person in people} == {""}
    assert relay.dead_letters == []


def test_a_no_holds_against_an_import_that_nobody_could_ask_after() -> None:
    relay = slow_relay()
    relay.drop(subscribers(range(5)), "email/vip/first.csv")
    relay.listrak.script.fail("import_status", ConfigurationError("listrak_refused", "401"))
    relay.run_to_end(hours=1)
    relay.drop(subscribers([3], Action.UNSUBSCRIBE), "email/vip/no.csv")
    relay.run_to_end(hours=1)

    relay.listrak.finish_imports()
    relay.run_to_end(hours=1)

    assert email_of(3) not in relay.listrak.subscribers(relay.list_id)


def test_a_yes_of_their_own_in_the_newest_file_holds_too() -> None:
    relay = slow_relay(resubscribe=True)
    relay.drop(subscribers(range(5)), "email/vip/first.csv")
    relay.run_to_end(hours=DEADLINE_HOURS)
    relay.drop(subscribers([3], Action.UNSUBSCRIBE), "email/vip/no.csv")
    relay.run_to_end(hours=1)
    relay.drop(subscribers([3]), "email/vip/yes.csv")
    relay.run_to_end(hours=1)

    relay.listrak.finish_imports()
    relay.run_to_end(hours=1)

    assert email_of(3) in relay.listrak.subscribers(relay.list_id)


@pytest.mark.parametrize("small_chunk_rows", [3, 2], ids=["by contact", "by import"])
def test_values_of_a_newer_file_hold_against_an_older_import_that_was_under_way(small_chunk_rows: int) -> None:
    relay = slow_relay(small_chunk_rows)
    first = relay.drop(subscribers(range(5), city="Old"), "email/vip/first.csv")
    relay.run_to_end(hours=0.01)
    relay.drop(subscribers([3, 4], city="New"), "email/vip/second.csv")
    relay.run_to_end(hours=0.01)

    relay.listrak.finish_imports()
    relay.run_to_end(hours=1)

    assert [city_of(relay, person) for person in range(5)] == ["Old", "Old", "Old", "New", "New"]
    assert relay.report(first)["status"] == "COMPLETED"


def test_so_many_values_go_by_an_import_that_is_waited_for() -> None:
    relay = slow_relay()
    relay.deploy_monitor(single_calls=1)
    first = relay.drop(subscribers(range(6), city="Old"), "email/vip/first.csv")
    relay.run_to_end(hours=0.01)
    relay.drop(subscribers([3, 4], city="New"), "email/vip/second.csv")
    relay.run_to_end(hours=0.01)
    relay.listrak.finish_imports()
    relay.run_to_end(hours=0.1)

    assert relay.ledger.get_run(first.run_id).status is not RunStatus.COMPLETED
    relay.listrak.finish_imports()
    relay.run_to_end(hours=1)

    assert [city_of(relay, person) for person in (2, 3, 4)] == ["Old", "New", "New"]
    assert relay.report(first)["status"] == "COMPLETED"


@examples(25)
@given(
    files=st.lists(
        st.tuples(
            st.lists(st.sampled_from(range(6)), min_size=1, max_size=6, unique=True),
            st.sampled_from(["Lititz", "York", "Hershey"]),
            st.booleans(),
        ),
        min_size=2,
        max_size=5,
    ),
    rows=st.sampled_from([2, 3, 50]),
)
def test_each_person_ends_with_the_value_of_the_last_file(files: list[tuple[list[int], str, bool]], rows: int) -> None:
    """``files``: people, city, and whether imports under way end behind it."""
    relay = slow_relay(rows)
    for number, (people, city, ends) in enumerate(files):
        relay.drop(subscribers(people, city=city), f"email/vip/file{number}.csv")
        relay.run_to_end(hours=0.01)
        if ends:
            relay.listrak.finish_imports()
    for _ in range(6):
        relay.run_to_end(hours=0.5)
        relay.listrak.finish_imports()

    last = {person: city for people, city, _ in files for person in people}
    assert {person: city_of(relay, person) for person in last} == last


def test_values_of_more_newer_rows_than_can_be_compared_are_left_as_they_are() -> None:
    relay = slow_relay(2)
    sources = [
        relay.drop(subscribers(range(3), city=city), f"email/vip/{city}.csv") for city in ("Lititz", "York", "Hershey")
    ]
    relay.run_to_end(hours=0.01)
    manifest = load_manifest(relay.store, sources[0].run_id).of(EmailDestination)
    plan = relay.ledger.get_plan(manifest.run_id, EmailPlan)
    assert plan is not None
    superseding = Superseding(relay.ledger, relay.lanes, relay.store, OptOuts(relay.store, FakePersonHashes()))

    def found(rows: int) -> list[dict[int, str]]:
        since = SaidSince(relay.ledger, relay.store, superseding, rows=rows)
        return [one.values for one in since.undone(manifest, plan, manifest.chunks[0], since.begun(manifest))]

    assert [list(values.values()) for values in found(6)] == [["Hershey"]] * 3
    assert found(5) == []


def test_a_no_whose_event_comes_late_waits_for_the_import_that_subscribes_them() -> None:
    relay = slow_relay(2)
    no = relay.drops.drop("email/vip/no.csv", b"email\n")
    relay.reader.assumed = True
    relay.drop(subscribers(range(3)), "email/vip/all.csv")
    relay.run_to_end(hours=0.01)
    relay.reader.assumed = False
    relay.reader.rows = subscribers([1], Action.UNSUBSCRIBE)
    relay.ingest(no)
    relay.run_to_end(hours=0.01)

    relay.listrak.finish_imports()
    relay.run_to_end(hours=1)
    relay.listrak.finish_imports()
    relay.run_to_end(hours=1)

    assert relay.listrak.subscribers(relay.list_id) == [email_of(0), email_of(2)]
    assert relay.report(no)["counts"]["accepted"] == 1
