"""An older file that comes late leaves what a newer one has said."""

from __future__ import annotations

import pytest

from listrak_relay.domain.destinations.choices import Mode
from listrak_relay.domain.run.manifest import Action
from listrak_relay.domain.run.runs import RunStatus
from listrak_relay.errors import ConfigurationError, OutcomeUnknownError
from listrak_relay.use_cases.lanes.opt_outs import OptOuts
from listrak_relay.use_cases.lanes.superseding import Superseding
from listrak_relay.use_cases.runs.manifest_store import load_manifest
from tests.support.fakes import FakePersonHashes
from tests.support.runs.relay import Relay, destination, email_of, subscribers
from tests.support.runs.sms_relay import digits, sms_relay, sms_rows


def set_aside(relay: Relay, *numbers: int, key: str = "email/vip/first.csv") -> str:
    """The run of a file with these people, which Listrak would not let in."""
    relay.listrak.script.fail("lists", ConfigurationError("listrak_refused", "401"))
    source = relay.drop(subscribers(numbers), key)
    relay.run_to_end()
    assert relay.ledger.get_run(source.run_id).status is RunStatus.FAILED
    return source.run_id


@pytest.mark.parametrize("small_chunk_rows", [2, 50], ids=["by import", "by contact"])
@pytest.mark.parametrize("resubscribe", [False, True])
def test_a_redriven_yes_gives_way_to_a_newer_no(small_chunk_rows: int, resubscribe: bool) -> None:
    relay = Relay(destination(resubscribe=resubscribe), small_chunk_rows=small_chunk_rows)
    relay.listrak.add_contact(relay.list_id, email_of(3))
    relay.listrak.script.fail("lists", ConfigurationError("listrak_refused", "401"))
    first = relay.drop(subscribers(range(5)), "email/vip/first.csv")
    relay.run_to_end()
    relay.drop(subscribers([3], Action.UNSUBSCRIBE), "email/vip/no.csv")
    relay.run_to_end()

    relay.redrive()
    relay.run_to_end()

    assert email_of(3) not in relay.listrak.subscribers(relay.list_id)
    report = relay.report(first)
    assert report["status"] == "COMPLETED"
    assert (report["counts"]["accepted"], report["counts"]["skipped"]) == (4, 1)
    assert report["reasons"]["superseded"] == 1
    assert ["superseded" in line for line in relay.lines(first, skipped=True)] == [True]


def cities(relay: Relay) -> dict[str, list[str]]:
    """Of each contact: what is in the profile fields that are no marks."""
    book = relay.listrak.contact_book[relay.list_id]
    return {email: [value for value in contact.values.values() if value != "on"] for email, contact in book.items()}


@pytest.mark.parametrize("small_chunk_rows", [2, 50], ids=["by import", "by contact"])
@pytest.mark.parametrize("audience", ["vip", "other"])
def test_a_redriven_file_that_only_subscribes_leaves_the_values_of_a_newer_one(
    small_chunk_rows: int, audience: str
) -> None:
    relay = Relay(small_chunk_rows=small_chunk_rows)
    first = set_aside(relay, 1, 2, 3)
    relay.drop(subscribers([2], city="Ephrata") + subscribers([3], city=""), f"email/{audience}/second.csv")
    relay.run_to_end()

    relay.redrive()
    relay.run_to_end()

    # Of whom the newer one says nothing, or leaves the cell empty, the older one's value is the last.
    assert cities(relay) == {email_of(1): ["Lititz"], email_of(2): ["Ephrata"], email_of(3): ["Lititz"]}
    assert relay.listrak.members(relay.list_id, "vip") == [email_of(n) for n in (1, 2, 3)]
    assert relay.ledger.get_run(first).tally.accepted == 3


def test_a_newer_file_without_a_column_leaves_it_to_the_older_one() -> None:
    relay = Relay()
    set_aside(relay, 1, 2)
    relay.reader.columns = ()
    relay.drop([(Action.SUBSCRIBE, 2, (email_of(2), "on"))], "email/vip/second.csv")
    relay.run_to_end()

    relay.redrive()
    relay.run_to_end()

    assert cities(relay) == {email_of(1): ["Lititz"], email_of(2): ["Lititz"]}


def test_values_are_compared_with_so_many_rows_and_no_more() -> None:
    relay = Relay()
    first = set_aside(relay, 1)
    for number in range(3):
        relay.drop(subscribers([1, 2], city=f"City {number}"), f"email/vip/{number}.csv")
    relay.run_to_end()
    manifest = load_manifest(relay.store, first)
    opt_outs = OptOuts(relay.store, FakePersonHashes())

    def verdicts(plain_rows: int) -> str:
        superseding = Superseding(relay.ledger, relay.lanes, relay.store, opt_outs, plain_rows=plain_rows)
        return superseding.judge(manifest, manifest.chunks[0])

    assert (verdicts(1), verdicts(2)) == ("", "v")


def test_a_no_of_somebody_new_to_the_list_holds_against_a_redriven_yes() -> None:
    relay = Relay()
    set_aside(relay, 1, 2, 3)
    relay.drop(subscribers([3], Action.UNSUBSCRIBE), "email/vip/no.csv")
    relay.run_to_end()
    relay.redrive()
    relay.run_to_end()

    assert relay.listrak.subscribers(relay.list_id) == [email_of(1), email_of(2)]


def test_a_late_yes_of_the_persons_own_is_not_taken_up_by_one_that_is_assumed() -> None:
    relay = Relay(destination(resubscribe=True))
    relay.drop(subscribers([1], Action.UNSUBSCRIBE), "email/vip/no.csv")
    relay.run_to_end()
    set_aside(relay, 1, 2, key="email/vip/yes.csv")
    relay.reader.assumed = True
    relay.drop(subscribers([1, 2]), "email/vip/all.csv")
    relay.run_to_end()
    assert relay.listrak.subscribers(relay.list_id) == [email_of(2)]

    relay.redrive()
    relay.run_to_end()
    assert relay.listrak.subscribers(relay.list_id) == [email_of(1), email_of(2)]


def test_a_late_no_gives_way_to_a_newer_yes_of_the_persons_own() -> None:
    relay = Relay()
    relay.listrak.script.fail("lists", ConfigurationError("listrak_refused", "401"))
    no = relay.drop(subscribers([1, 2], Action.UNSUBSCRIBE), "email/vip/no.csv")
    relay.run_to_end()
    relay.drop(subscribers([1]), "email/vip/yes.csv")
    relay.listrak.add_contact(relay.list_id, email_of(2))
    relay.run_to_end()
    relay.redrive()
    relay.run_to_end()

    assert relay.listrak.subscribers(relay.list_id) == [email_of(1)]
    assert relay.report(no)["reasons"] == {"superseded": 1}


@pytest.mark.parametrize("small_chunk_rows", [2, 50], ids=["by import", "by contact"])
def test_a_late_mirror_leaves_the_audience_as_the_newer_one_has_it(small_chunk_rows: int) -> None:
    relay = Relay(
        destination(mode=Mode.MIRROR, mirror_guard_percent=100, audience_guard_percent=100),
        small_chunk_rows=small_chunk_rows,
    )
    relay.listrak.script.fail("lists", ConfigurationError("listrak_refused", "401"))
    relay.drop(subscribers(range(10)), "email/vip/first.csv")
    relay.run_to_end()
    relay.drop(subscribers(range(3, 12)), "email/vip/second.csv")
    relay.run_to_end()
    relay.redrive()
    relay.run_to_end()

    assert relay.listrak.members(relay.list_id, "vip") == sorted(email_of(n) for n in range(3, 12))
    assert relay.listrak.subscribers(relay.list_id) == sorted(email_of(n) for n in range(12))


def test_a_newer_run_waits_for_one_that_was_returned() -> None:
    relay = Relay()
    first = set_aside(relay, 1, 2, 3)
    relay.listrak.finish_at_once = False
    relay.redrive()
    relay.run_to_end(0.02)
    no = relay.drop(subscribers([3], Action.UNSUBSCRIBE), "email/vip/no.csv")
    relay.run_to_end(0.02)

    assert first in (relay.ledger.get_run(no.run_id).waiting_for or "")
    relay.listrak.finish_imports()
    relay.run_to_end()
    assert relay.listrak.subscribers(relay.list_id) == [email_of(1), email_of(2)]


def test_a_run_that_was_returned_in_vain_is_not_waited_for() -> None:
    relay = Relay(small_chunk_rows=50)
    set_aside(relay, 1, 2, 3)
    relay.listrak.script.fail("lists", ConfigurationError("listrak_refused", "401"))
    relay.redrive()
    relay.run_to_end()
    no = relay.drop(subscribers([3], Action.UNSUBSCRIBE), "email/vip/no.csv")
    relay.run_to_end()

    assert relay.report(no)["waited_seconds"] == 0


def test_sms_yes_that_is_late_gives_way_to_no() -> None:
    relay = sms_relay()
    relay.sms.add(digits(2))
    relay.sms.script.fail("sender_codes", ConfigurationError("listrak_refused", "401"))
    relay.drop(sms_rows([1, 2, 3]), "sms/vip/first.csv")
    relay.run_to_end()
    relay.drop(sms_rows([2, 3], Action.UNSUBSCRIBE), "sms/vip/no.csv")
    relay.run_to_end()
    relay.redrive()
    relay.run_to_end()

    assert relay.sms.subscribed() == [digits(1)]


def test_a_late_sms_mirror_neither_adds_nor_removes_against_a_newer_one() -> None:
    relay = sms_relay(mode=Mode.MIRROR, mirror_guard_percent=100, audience_guard_percent=100)
    relay.sms.script.fail("sender_codes", ConfigurationError("listrak_refused", "401"))
    relay.drop(sms_rows([1, 2, 3]), "sms/vip/first.csv")
    relay.run_to_end()
    relay.drop(sms_rows([2, 3, 4]), "sms/vip/second.csv")
    relay.run_to_end()
    relay.redrive()
    relay.run_to_end()

    assert relay.sms.subscribed() == [digits(2), digits(3), digits(4)]


def test_what_the_sweep_gave_up_is_not_sent_when_its_message_comes() -> None:
    relay = Relay()
    relay.listrak.finish_at_once = False
    first = relay.drop(subscribers(range(5)), "email/vip/first.csv")
    relay.clock.advance(50 * 3600)
    relay.sweep()
    relay.run_to_end()

    assert relay.listrak.imports == {}
    assert len(relay.dead_letters) == 1
    assert relay.report(first)["counts"]["dead_lettered"] == 5

    relay.listrak.finish_at_once = True
    relay.redrive()
    relay.run_to_end()
    assert len(relay.listrak.imports) == 1
    assert relay.report(first)["status"] == "COMPLETED"


@pytest.mark.parametrize("error", [ConnectionError("reset"), OutcomeUnknownError("no answer")], ids=repr)
def test_an_import_that_never_gets_an_answer_ends_in_the_dead_letter_queue(error: BaseException) -> None:
    relay = Relay()
    relay.listrak.script.fail("start_import", error, times=10_000)
    first = relay.drop(subscribers(range(5)), "email/vip/first.csv")
    relay.run_to_end(hours=200)

    assert len(relay.dead_letters) == 1
    assert relay.report(first)["status"] == "FAILED"
    assert relay.listrak.script.calls.count("start_import") <= 10
