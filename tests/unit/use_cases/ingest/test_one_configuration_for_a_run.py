"""A run goes by one version of the configuration, that of its beginning, whatever happens meanwhile."""

from __future__ import annotations

import pytest

from listrak_relay.domain.destinations.destinations import Destination, EmailDestination
from listrak_relay.domain.destinations.file_rules import FileRules
from listrak_relay.domain.run.runs import DroppedFile, RunStatus
from listrak_relay.errors import ConfigurationError, FileTooLargeError, RetryableError
from listrak_relay.use_cases.runs.job_store import load_job
from listrak_relay.use_cases.runs.manifest_store import load_manifest
from tests.support.runs.crashing import killed_at
from tests.support.runs.relay import Killed, Relay, destination, subscribers

PARTS_WAIT = destination(list_name="One", file=FileRules(success_marker="_SUCCESS"))
NOBODY_WAITS = destination(list_name="Two")
LARGE = b"email\n" + b"a@example.com\n" * 100


def changing(first: Destination, *others: Destination) -> Relay:
    """Its configuration is another at each question."""
    relay = Relay(first, large_file_bytes=1_000)
    relay.reader.rows = subscribers(range(5))
    for other in others:
        relay.book.change_after_a_question(other)
    return relay


def sent_to(relay: Relay, source: DroppedFile) -> str:
    return load_manifest(relay.store, source.run_id).of(EmailDestination).destination.list_name


def test_a_marker_and_the_rows_of_its_parts_go_by_one_version() -> None:
    relay = changing(PARTS_WAIT, NOBODY_WAITS, PARTS_WAIT)
    part = relay.drops.drop("email/vip/may/a.csv", b"email\n")
    marker = relay.drops.drop("email/vip/may/_SUCCESS", b"")

    assert relay.ingest(marker) == "ingested"

    assert relay.book.asked == 1
    assert [file.name for file in relay.reader.files_read[0]] == [part.key]
    assert sent_to(relay, marker) == "One"


@pytest.mark.parametrize(
    ("first", "then", "word"), [(PARTS_WAIT, NOBODY_WAITS, "set_aside"), (NOBODY_WAITS, PARTS_WAIT, "ingested")]
)
def test_a_file_is_told_a_part_or_read_by_one_version(first: Destination, then: Destination, word: str) -> None:
    relay = changing(first, then, first)
    source = relay.drops.drop("email/vip/a.csv", b"email\n")

    assert relay.ingest(source) == word

    assert relay.book.asked == 1
    assert word == "set_aside" or sent_to(relay, source) == "Two"


def test_a_large_file_is_handed_over_with_the_version_it_was_judged_by() -> None:
    relay = changing(NOBODY_WAITS, PARTS_WAIT)
    source = relay.drops.drop("email/vip/large.csv", LARGE)

    assert relay.ingest(source) == "read_in_ranges"

    assert relay.book.asked == 1
    job = load_job(relay.store, source.run_id)
    assert (job.destination, job.parts) == (NOBODY_WAITS, (source,))


def test_so_is_a_file_that_proves_too_large_when_it_is_read() -> None:
    relay = changing(NOBODY_WAITS, PARTS_WAIT)
    relay.reader.refuse = FileTooLargeError("unpacked it does not fit")
    source = relay.drops.drop("email/vip/packed.csv", b"packed")

    assert relay.ingest(source) == "read_in_ranges"

    assert relay.book.asked == 1
    assert load_job(relay.store, source.run_id).destination == NOBODY_WAITS


def test_a_state_machine_that_may_have_begun_keeps_its_job_when_the_event_is_tried_again() -> None:
    relay = changing(NOBODY_WAITS, destination(list_name="Three"))
    relay.starter.script.fail("start", RetryableError("the answer was lost"), after=True)
    source = relay.drops.drop("email/vip/large.csv", LARGE)

    with pytest.raises(RetryableError):
        relay.ingesting.ingest(source, "event", 900)
    assert relay.ingesting.ingest(source, "event", 900) == "read_in_ranges"

    assert load_job(relay.store, source.run_id).destination == NOBODY_WAITS


def test_after_a_crash_the_run_goes_on_by_the_version_it_began_with() -> None:
    relay = changing(NOBODY_WAITS, destination(list_name="Three"))
    relay.reader.script.fail("read", Killed())
    source = relay.drops.drop("email/vip/a.csv", b"email\n")

    assert relay.ingest(source) == "ingested"

    assert sent_to(relay, source) == "Two"


@pytest.mark.parametrize(("call", "after"), [("folder", False), ("folder", True), ("download", False)])
def test_parts_that_a_marker_has_claimed_are_read_though_the_configuration_knows_no_marker_any_more(
    call: str, after: bool
) -> None:
    relay = changing(PARTS_WAIT, NOBODY_WAITS)
    part = relay.drops.drop("email/vip/may/a.csv", b"email\n")
    marker = relay.drops.drop("email/vip/may/_SUCCESS", b"")
    relay.drops.script.fail(call, Killed(), after=after)

    assert relay.ingest(marker) == "ingested"

    assert [file.name for file in relay.reader.files_read[-1]] == [part.key]


def test_wherever_the_process_dies_and_however_often_the_configuration_changes_a_run_is_of_one_piece() -> None:
    """At each call of each port in turn, before it takes effect and afterwards."""
    ends, taken, step = set(), 1, 0
    while step < 2 * taken:
        relay = changing(PARTS_WAIT, *[NOBODY_WAITS, PARTS_WAIT] * 9)
        part = relay.drops.drop("email/vip/may/a.csv", b"email\n")
        marker = relay.drops.drop("email/vip/may/_SUCCESS", b"")
        script = killed_at(relay, {step})

        end = relay.ingest(marker)

        script.steps.clear()
        taken = script.taken
        claimed = not relay.ledger.acquire_lock(f"part/{part.run_id}", "another", 900)
        read = [file.name for files in relay.reader.files_read[-1:] for file in files]
        of_one_piece = (True, [part.key], "One") if end != "set_aside" else (False, [], None)
        assert (claimed, read, sent_to(relay, marker) if read else None) == of_one_piece, step
        ends.add(end)
        step += 1
    assert ends == {"ingested", "set_aside", "duplicate", "dispatched_again"}


def test_a_crash_before_the_job_was_kept_leaves_nothing_of_the_version_before() -> None:
    relay = changing(PARTS_WAIT, NOBODY_WAITS)
    relay.store.script.fail("put", Killed())
    part = relay.drops.drop("email/vip/may/a.csv", b"email\n")
    marker = relay.drops.drop("email/vip/may/_SUCCESS", b"")

    assert relay.ingest(marker) == "set_aside"

    assert relay.ledger.acquire_lock(f"part/{part.run_id}", "another", 900)


def test_a_marker_is_not_taken_for_a_stray_one_while_the_configuration_cannot_be_read() -> None:
    relay = Relay(PARTS_WAIT)
    relay.book.script.fail("find", ConfigurationError("destinations_invalid", "line 3: what is this?"))
    relay.drops.drop("email/vip/may/a.csv", b"email\n")
    marker = relay.drops.drop("email/vip/may/_SUCCESS", b"")

    assert relay.ingest(marker) == "rejected"

    assert relay.ledger.get_run(marker.run_id).problem_code == "destinations_invalid"


def test_a_stray_marker_of_a_destination_that_nobody_knows_is_set_aside() -> None:
    relay = Relay()
    marker = relay.drops.drop("elsewhere/_SUCCESS", b"")

    assert relay.ingest(marker) == "set_aside"

    assert relay.ledger.get_run(marker.run_id).status is RunStatus.SET_ASIDE


def test_faults_of_other_destinations_are_in_the_report_of_a_run_that_went_well() -> None:
    relay = Relay()
    relay.book.faulty_names = ("vpi", "club")

    source = relay.drop(subscribers([1]))
    relay.run_to_end()

    (line,) = relay.report(source)["attention"]
    assert "vpi, club" in line
    assert "config check" in line
