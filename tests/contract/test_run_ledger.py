"""What every run ledger does, the real one and the fake."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from listrak_relay.adapters.aws.dynamodb_ledger import DynamoDbLedger
from listrak_relay.domain.delivery.email_plan import EmailPlan
from listrak_relay.domain.delivery.feed_plan import FeedPlan
from listrak_relay.domain.delivery.plans import RunPlan, Stage, TargetField
from listrak_relay.domain.delivery.sms_plan import SmsPlan
from listrak_relay.domain.destinations.destinations import EmailDestination
from listrak_relay.domain.run.manifest import Action, Chunk, EmailManifest, RunManifest
from listrak_relay.domain.run.runs import NEVER_READ, ChunkOutcome, ChunkState, DroppedFile, Run, RunStatus, Tally
from listrak_relay.errors import RetryableError
from listrak_relay.ports.ledger import Opening, RunLedger
from tests.support.aws.emulator import Emulator
from tests.support.fakes import FakeClock, FakeLedger

SOURCE = DroppedFile("drop", "email/vip/people.csv", "v1", 1_000, "2027-01-15T08:00:00Z")
RUN = SOURCE.run_id
LEASE = 900.0


@pytest.fixture
def clock() -> FakeClock:
    """Between two seconds, for moments are kept to the millisecond."""
    return FakeClock(1_800_000_000.25)


@pytest.fixture(params=["fake", "dynamodb"])
def ledger(request: pytest.FixtureRequest, clock: FakeClock) -> RunLedger:
    if request.param == "fake":
        return FakeLedger(clock)
    emulator: Emulator = request.getfixturevalue("emulator")
    return DynamoDbLedger(emulator.create_ledger_table(), emulator.dynamodb, clock)


def manifest(*rows: int, source: DroppedFile = SOURCE, rejected: int = 0, duplicates: int = 0) -> EmailManifest:
    """One chunk for each number of rows."""
    chunks = tuple(
        Chunk(f"subscribe-{n:04d}", Action.SUBSCRIBE, f"c/{n}.csv", f"c/{n}.rows", count, count * 10, "00")
        for n, count in enumerate(rows, start=1)
    )
    return RunManifest(
        run_id=source.run_id,
        source=source,
        destination=EmailDestination("email"),
        audience="vip",
        columns=(),
        chunks=chunks,
        rows_read=sum(rows) + rejected + duplicates,
        rejected=rejected,
        duplicates=duplicates,
    )


def opened(ledger: RunLedger, *rows: int, rejected: int = 0, duplicates: int = 0) -> None:
    """A run that has been ingested."""
    assert ledger.open_run(SOURCE, "email", "vip", "request-1", LEASE) is Opening.OPENED
    ledger.record_ingest(manifest(*rows, rejected=rejected, duplicates=duplicates))


def accepted(rows: int) -> ChunkOutcome:
    return ChunkOutcome(Tally(accepted=rows))


def dead(rows: int) -> ChunkOutcome:
    return ChunkOutcome(Tally(dead_lettered=rows), {"delivery_failed": rows}, dead=True)


# --- opening ---------------------------------------------------------------------------------------------------------


def test_a_new_run_is_opened_with_nothing_counted(ledger: RunLedger, clock: FakeClock) -> None:
    opening = ledger.open_run(SOURCE, "email", "vip", "request-1", LEASE)

    assert opening is Opening.OPENED
    assert ledger.get_run(RUN) == Run(RUN, RunStatus.INGESTING, "email", "vip", SOURCE, opened_at=clock.now())


def test_another_invocation_finds_the_run_taken_while_the_lease_lasts(ledger: RunLedger, clock: FakeClock) -> None:
    ledger.open_run(SOURCE, "email", "vip", "request-1", LEASE)
    clock.advance(LEASE - 1)

    assert ledger.open_run(SOURCE, "email", "vip", "request-2", LEASE) is Opening.DUPLICATE
    assert not ledger.lease_expired(RUN, clock.now())


def test_the_same_invocation_resumes_at_once_and_gets_a_new_lease(ledger: RunLedger, clock: FakeClock) -> None:
    ledger.open_run(SOURCE, "email", "vip", "request-1", LEASE)
    clock.advance(LEASE - 1)

    assert ledger.open_run(SOURCE, "email", "vip", "request-1", LEASE) is Opening.RESUMED
    assert not ledger.lease_expired(RUN, clock.now() + LEASE - 1)


def test_another_invocation_resumes_once_the_lease_is_over(ledger: RunLedger, clock: FakeClock) -> None:
    ledger.open_run(SOURCE, "email", "vip", "request-1", LEASE)
    clock.advance(LEASE)
    assert ledger.lease_expired(RUN, clock.now())

    assert ledger.open_run(SOURCE, "email", "vip", "request-2", LEASE) is Opening.RESUMED
    assert ledger.open_run(SOURCE, "email", "vip", "request-1", LEASE) is Opening.DUPLICATE


def test_a_run_ingested_but_not_dispatched_is_to_be_dispatched_again(ledger: RunLedger) -> None:
    opened(ledger, 10)

    assert ledger.open_run(SOURCE, "email", "vip", "request-2", LEASE) is Opening.DUPLICATE
    assert ledger.open_run(SOURCE, "email", "vip", "request-1", LEASE) is Opening.REDISPATCH


def test_a_dispatched_run_is_a_duplicate_for_everyone(ledger: RunLedger, clock: FakeClock) -> None:
    opened(ledger, 10)
    ledger.mark_dispatched(RUN)
    clock.advance(LEASE)

    assert ledger.open_run(SOURCE, "email", "vip", "request-1", LEASE) is Opening.DUPLICATE
    assert ledger.get_run(RUN).dispatched


def test_a_closed_run_is_a_duplicate_even_if_it_was_never_ingested(ledger: RunLedger, clock: FakeClock) -> None:
    ledger.open_run(SOURCE, "email", "vip", "request-1", LEASE)
    ledger.close_run(RUN, RunStatus.REJECTED, clock.now(), ledger.get_run(RUN).tally)

    assert ledger.open_run(SOURCE, "email", "vip", "request-1", LEASE) is Opening.DUPLICATE


def test_a_run_closed_as_never_read_is_opened_anew_as_if_nothing_had_been_said_of_it(
    ledger: RunLedger, clock: FakeClock
) -> None:
    ledger.open_run(SOURCE, "email", "vip", "request-1", LEASE)
    ledger.note_problem(RUN, NEVER_READ, "Reading the file failed each time.")
    ledger.close_run(RUN, RunStatus.FAILED, clock.now(), ledger.get_run(RUN).tally)
    clock.advance(60)

    assert ledger.open_run(SOURCE, "email", "vip", "request-2", LEASE) is Opening.REOPENED
    assert ledger.open_run(SOURCE, "email", "vip", "request-3", LEASE) is Opening.DUPLICATE
    assert ledger.get_run(RUN) == Run(RUN, RunStatus.INGESTING, "email", "vip", SOURCE, opened_at=clock.now())
    assert ledger.open_run_ids() == [RUN]


def test_a_run_that_failed_otherwise_is_not_opened_anew(ledger: RunLedger, clock: FakeClock) -> None:
    ledger.open_run(SOURCE, "email", "vip", "request-1", LEASE)
    ledger.note_problem(RUN, "read_failed", "A fault of its own.")
    ledger.close_run(RUN, RunStatus.FAILED, clock.now(), ledger.get_run(RUN).tally)

    assert ledger.open_run(SOURCE, "email", "vip", "request-2", LEASE) is Opening.DUPLICATE


def test_of_many_that_open_one_run_at_once_one_gets_it(ledger: RunLedger) -> None:
    openings: list[Opening] = []
    threads = [
        threading.Thread(
            target=lambda owner=f"request-{n}": openings.append(ledger.open_run(SOURCE, "email", "vip", owner, LEASE))
        )
        for n in range(6)
    ]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(openings) == [Opening.DUPLICATE] * 5 + [Opening.OPENED]


def test_an_unknown_run_or_chunk_is_a_key_error(ledger: RunLedger, clock: FakeClock) -> None:
    for call in (
        lambda: ledger.get_run("nobody"),
        lambda: ledger.get_chunk("nobody", "subscribe-0001"),
        lambda: ledger.mark_dispatched("nobody"),
        lambda: ledger.begin_attempt("nobody", "subscribe-0001", clock.now(), None),
        lambda: ledger.settle("nobody", "subscribe-0001", accepted(1)),
        lambda: ledger.note_problem("nobody", "code", "problem"),
        lambda: ledger.note_trouble("nobody", "why", clock.now()),
        lambda: ledger.close_run("nobody", RunStatus.COMPLETED, clock.now(), Tally()),
        lambda: ledger.lease_expired("nobody", clock.now()),
        lambda: ledger.record_ingest(manifest(1)),
    ):
        with pytest.raises(KeyError):
            call()


# --- ingest ----------------------------------------------------------------------------------------------------------


def test_ingest_is_recorded_with_its_chunks_and_counts(ledger: RunLedger, clock: FakeClock) -> None:
    opened(ledger, 10, 5, rejected=2, duplicates=3)

    run = ledger.get_run(RUN)
    assert (run.status, run.rows_read, run.chunks, run.settled) == (RunStatus.DELIVERING, 20, 2, 0)
    assert (run.tally, run.read_at) == (Tally(rejected=2, duplicates=3), clock.now())
    assert not run.complete
    assert [(c.chunk_id, c.rows, c.state) for c in ledger.chunks(RUN)] == [
        ("subscribe-0001", 10, ChunkState.PLANNED),
        ("subscribe-0002", 5, ChunkState.PLANNED),
    ]


def test_ingest_recorded_twice_changes_nothing(ledger: RunLedger, clock: FakeClock) -> None:
    opened(ledger, 10)
    ledger.begin_attempt(RUN, "subscribe-0001", clock.now(), None)
    before = ledger.get_run(RUN), ledger.chunks(RUN)

    ledger.record_ingest(manifest(10))
    ledger.record_ingest(manifest(10, 20))

    assert (ledger.get_run(RUN), ledger.chunks(RUN)) == before


def test_a_run_without_chunks_is_complete_as_soon_as_it_is_ingested(ledger: RunLedger) -> None:
    opened(ledger, rejected=4)

    run = ledger.get_run(RUN)
    assert run.complete
    assert run.balanced


def test_a_run_may_be_ingested_into_another_status(ledger: RunLedger) -> None:
    ledger.open_run(SOURCE, "email", "vip", "request-1", LEASE)

    ledger.record_ingest(manifest(rejected=4), RunStatus.REJECTED)

    assert ledger.get_run(RUN).status is RunStatus.REJECTED
    assert ledger.open_run(SOURCE, "email", "vip", "request-1", LEASE) is Opening.REDISPATCH


@pytest.mark.parametrize("count", [99, 100, 350])
def test_hundreds_of_chunks_are_recorded(ledger: RunLedger, count: int) -> None:
    opened(ledger, *range(1, count + 1))

    assert [c.rows for c in ledger.chunks(RUN)] == list(range(1, count + 1))
    assert ledger.get_run(RUN).chunks == count


# --- attempts --------------------------------------------------------------------------------------------------------


def test_an_attempt_is_begun_by_one_of_two_that_saw_the_same(ledger: RunLedger, clock: FakeClock) -> None:
    opened(ledger, 10)

    first = ledger.begin_attempt(RUN, "subscribe-0001", clock.now(), None)
    second = ledger.begin_attempt(RUN, "subscribe-0001", clock.now() + 1, None)

    assert (first, second) == (True, False)
    chunk = ledger.get_chunk(RUN, "subscribe-0001")
    assert (chunk.state, chunk.attempted_at) == (ChunkState.SENDING, clock.now())


def test_a_later_attempt_begins_by_naming_the_one_before(ledger: RunLedger, clock: FakeClock) -> None:
    opened(ledger, 10)
    ledger.begin_attempt(RUN, "subscribe-0001", clock.now(), None)
    seen = ledger.get_chunk(RUN, "subscribe-0001").attempted_at
    clock.advance(0.1)

    assert ledger.begin_attempt(RUN, "subscribe-0001", clock.now(), seen)
    assert not ledger.begin_attempt(RUN, "subscribe-0001", clock.now(), seen)


def test_an_abandoned_attempt_leaves_the_chunk_as_planned(ledger: RunLedger, clock: FakeClock) -> None:
    opened(ledger, 10)
    ledger.begin_attempt(RUN, "subscribe-0001", clock.now(), None)

    ledger.abandon_attempt(RUN, "subscribe-0001")

    chunk = ledger.get_chunk(RUN, "subscribe-0001")
    assert (chunk.state, chunk.attempted_at) == (ChunkState.PLANNED, None)
    assert ledger.begin_attempt(RUN, "subscribe-0001", clock.now(), None)


def test_a_submitted_chunk_cannot_be_abandoned_or_tried_again(ledger: RunLedger, clock: FakeClock) -> None:
    opened(ledger, 10)
    ledger.begin_attempt(RUN, "subscribe-0001", clock.now(), None)
    ledger.record_submission(RUN, "subscribe-0001", 77)

    ledger.abandon_attempt(RUN, "subscribe-0001")

    chunk = ledger.get_chunk(RUN, "subscribe-0001")
    assert (chunk.state, chunk.import_id) == (ChunkState.SUBMITTED, 77)
    assert not ledger.begin_attempt(RUN, "subscribe-0001", clock.now() + 1, chunk.attempted_at)


def test_a_submission_recorded_twice_is_one_and_another_one_is_not_taken(ledger: RunLedger, clock: FakeClock) -> None:
    opened(ledger, 10)
    ledger.begin_attempt(RUN, "subscribe-0001", clock.now(), None)
    ledger.record_submission(RUN, "subscribe-0001", 77)

    ledger.record_submission(RUN, "subscribe-0001", 77)
    with pytest.raises(RetryableError):
        ledger.record_submission(RUN, "subscribe-0001", 78)

    assert ledger.get_chunk(RUN, "subscribe-0001").import_id == 77


def test_a_submission_without_an_attempt_is_not_taken(ledger: RunLedger) -> None:
    opened(ledger, 10)

    with pytest.raises(RetryableError, match="PLANNED"):
        ledger.record_submission(RUN, "subscribe-0001", 77)


# --- settling --------------------------------------------------------------------------------------------------------


def test_a_settled_chunk_is_added_to_the_run(ledger: RunLedger, clock: FakeClock) -> None:
    opened(ledger, 10, 5, rejected=1)
    clock.advance(60)
    outcome = ChunkOutcome(Tally(accepted=7, refused=2, skipped=1), {"banned": 2, "opted_out": 1})

    run = ledger.settle(RUN, "subscribe-0001", outcome)

    assert run.tally == Tally(accepted=7, refused=2, skipped=1, rejected=1)
    assert (run.settled, run.complete) == (1, False)
    assert run == ledger.get_run(RUN)
    chunk = ledger.get_chunk(RUN, "subscribe-0001")
    assert (chunk.state, chunk.tally, chunk.reasons) == (ChunkState.SETTLED, outcome.tally, outcome.reasons)
    assert chunk.settled_at == clock.now()


def test_a_chunk_settled_twice_is_counted_once(ledger: RunLedger) -> None:
    opened(ledger, 10)
    first = ledger.settle(RUN, "subscribe-0001", accepted(10))

    again = ledger.settle(RUN, "subscribe-0001", accepted(10))
    otherwise = ledger.settle(RUN, "subscribe-0001", dead(10))

    assert first == again == otherwise == ledger.get_run(RUN)
    assert (first.complete, first.balanced) == (True, True)
    assert not ledger.begin_attempt(RUN, "subscribe-0001", 1.0, None)


def test_chunks_settled_at_once_are_all_counted(ledger: RunLedger) -> None:
    opened(ledger, *[10] * 6)
    outcomes = [(f"subscribe-{n % 6 + 1:04d}", accepted(10)) for n in range(12)]
    threads = [threading.Thread(target=ledger.settle, args=(RUN, *outcome)) for outcome in outcomes]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    run = ledger.get_run(RUN)
    assert (run.tally, run.settled, run.balanced) == (Tally(accepted=60), 6, True)


def test_a_dead_lettered_chunk_has_ended_and_is_counted_once(ledger: RunLedger) -> None:
    opened(ledger, 10)

    ledger.settle(RUN, "subscribe-0001", dead(10))
    run = ledger.settle(RUN, "subscribe-0001", dead(10))

    assert (run.tally, run.settled, run.balanced) == (Tally(dead_lettered=10), 1, True)
    assert ledger.get_chunk(RUN, "subscribe-0001").state is ChunkState.DEAD_LETTERED


@pytest.mark.parametrize("tried_again", [True, False])
def test_a_redriven_chunk_takes_the_place_of_its_dead_letter(
    ledger: RunLedger, clock: FakeClock, tried_again: bool
) -> None:
    opened(ledger, 10, 5)
    ledger.settle(RUN, "subscribe-0001", dead(10))
    if tried_again:
        assert ledger.begin_attempt(RUN, "subscribe-0001", clock.now(), None)

    run = ledger.settle(RUN, "subscribe-0001", ChunkOutcome(Tally(accepted=9, refused=1), {"banned": 1}))

    assert (run.tally, run.settled) == (Tally(accepted=9, refused=1), 1)
    chunk = ledger.get_chunk(RUN, "subscribe-0001")
    assert (chunk.state, chunk.reasons) == (ChunkState.SETTLED, {"banned": 1})


def test_a_redriven_chunk_that_dies_again_is_counted_as_it_died_last(ledger: RunLedger, clock: FakeClock) -> None:
    opened(ledger, 10)
    ledger.settle(RUN, "subscribe-0001", dead(10))
    ledger.begin_attempt(RUN, "subscribe-0001", clock.now(), None)

    run = ledger.settle(RUN, "subscribe-0001", ChunkOutcome(Tally(accepted=4, dead_lettered=6), dead=True))

    assert (run.tally, run.settled) == (Tally(accepted=4, dead_lettered=6), 1)


# --- closing ---------------------------------------------------------------------------------------------------------


def test_a_closed_run_has_its_status_and_time_and_is_no_longer_open(ledger: RunLedger, clock: FakeClock) -> None:
    opened(ledger, rejected=1)
    assert [run.run_id for run in ledger.open_runs()] == [RUN]

    ledger.close_run(RUN, RunStatus.COMPLETED, clock.now(), ledger.get_run(RUN).tally)

    run = ledger.get_run(RUN)
    assert (run.status, run.closed_at) == (RunStatus.COMPLETED, clock.now())
    assert ledger.open_runs() == []
    assert ledger.open_run_ids() == []


def test_a_run_closed_twice_keeps_the_time_of_the_first(ledger: RunLedger, clock: FakeClock) -> None:
    opened(ledger)
    ledger.close_run(RUN, RunStatus.COMPLETED, clock.now(), ledger.get_run(RUN).tally)

    ledger.close_run(RUN, RunStatus.COMPLETED, clock.now() + 60, ledger.get_run(RUN).tally)

    assert ledger.get_run(RUN).closed_at == clock.now()


def test_a_run_is_not_closed_over_rows_that_were_settled_meanwhile(ledger: RunLedger, clock: FakeClock) -> None:
    opened(ledger, 10)
    seen = ledger.get_run(RUN).tally
    ledger.settle(RUN, "subscribe-0001", accepted(10))

    assert not ledger.close_run(RUN, RunStatus.FAILED, clock.now(), seen)
    assert [run.run_id for run in ledger.open_runs()] == [RUN]

    assert ledger.close_run(RUN, RunStatus.COMPLETED, clock.now(), ledger.get_run(RUN).tally)


def test_a_run_ingested_as_rejected_stays_open_until_it_is_closed(ledger: RunLedger, clock: FakeClock) -> None:
    ledger.open_run(SOURCE, "email", "vip", "request-1", LEASE)
    ledger.record_ingest(manifest(), RunStatus.REJECTED)
    assert [run.run_id for run in ledger.open_runs()] == [RUN]

    ledger.close_run(RUN, RunStatus.REJECTED, clock.now(), ledger.get_run(RUN).tally)

    assert ledger.get_run(RUN).closed_at == clock.now()
    assert ledger.open_runs() == []


def test_a_run_cannot_be_closed_as_going_on(ledger: RunLedger, clock: FakeClock) -> None:
    opened(ledger)

    with pytest.raises(ValueError, match="DELIVERING"):
        ledger.close_run(RUN, RunStatus.DELIVERING, clock.now(), ledger.get_run(RUN).tally)


def test_a_settlement_after_the_close_opens_the_run_again(ledger: RunLedger, clock: FakeClock) -> None:
    opened(ledger, 10)
    ledger.settle(RUN, "subscribe-0001", dead(10))
    ledger.close_run(RUN, RunStatus.FAILED, clock.now(), ledger.get_run(RUN).tally)

    run = ledger.settle(RUN, "subscribe-0001", accepted(10))

    assert (run.status, run.closed_at, run.complete) == (RunStatus.DELIVERING, None, True)
    assert ledger.open_runs() == [run]


def test_a_settlement_that_was_already_counted_leaves_a_closed_run_closed(ledger: RunLedger, clock: FakeClock) -> None:
    opened(ledger, 10)
    ledger.settle(RUN, "subscribe-0001", accepted(10))
    ledger.close_run(RUN, RunStatus.COMPLETED, clock.now(), ledger.get_run(RUN).tally)

    run = ledger.settle(RUN, "subscribe-0001", accepted(10))

    assert run.status is RunStatus.COMPLETED
    assert ledger.open_runs() == []


def test_open_runs_are_given_by_their_age(ledger: RunLedger, clock: FakeClock) -> None:
    for version in ("v3", "v1", "v2"):
        ledger.open_run(replace(SOURCE, version_id=version), "email", "vip", "request-1", LEASE)
        clock.advance(1)

    assert [run.source.version_id for run in ledger.open_runs()] == ["v3", "v1", "v2"]
    assert ledger.open_run_ids() == [run.run_id for run in ledger.open_runs()]


def test_the_last_trouble_stays_until_the_run_is_closed(ledger: RunLedger, clock: FakeClock) -> None:
    opened(ledger)

    ledger.note_trouble(RUN, "the server is away", 10.0)
    ledger.note_trouble(RUN, "the server is slow", 20.0)
    run = ledger.get_run(RUN)
    ledger.close_run(RUN, RunStatus.STALLED, clock.now(), run.tally)
    ledger.note_trouble(RUN, "too late", 30.0)

    assert (run.trouble, run.trouble_at) == ("the server is slow", 20.0)
    assert ledger.get_run(RUN).trouble == "the server is slow"


def test_the_first_problem_stays(ledger: RunLedger) -> None:
    opened(ledger)

    ledger.note_problem(RUN, "mirror_guard", "the guard stopped the run")
    ledger.note_problem(RUN, "other", "something else")

    run = ledger.get_run(RUN)
    assert (run.problem_code, run.problem) == ("mirror_guard", "the guard stopped the run")


# --- plans and locks -------------------------------------------------------------------------------------------------


PLANS = [
    EmailPlan(Stage.CLEARING, 345, 7, 9, (TargetField(1, "Text", 40),), "page 2", 100, 20, 3, 77, lock="mirror/345/9"),
    SmsPlan(Stage.READY, 4, 6, "US", True, (TargetField(0, "Date", 0), None), ("Tier",), read_at=1_800_000_000.5),
    FeedPlan("orders.csv", publishing=True),
]


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: type(plan).__name__)
def test_a_plan_comes_back_as_it_was_put(ledger: RunLedger, plan: RunPlan) -> None:
    assert ledger.get_plan(RUN, type(plan)) is None

    ledger.put_plan(RUN, plan)

    assert ledger.get_plan(RUN, type(plan)) == plan


def test_a_lock_is_one_owners_until_it_is_released(ledger: RunLedger) -> None:
    assert ledger.acquire_lock("list/345", "a", 60)
    assert not ledger.acquire_lock("list/345", "b", 60)
    assert ledger.acquire_lock("list/346", "b", 60)

    ledger.release_lock("list/345", "b")
    assert not ledger.acquire_lock("list/345", "b", 60)

    ledger.release_lock("list/345", "a")
    assert ledger.acquire_lock("list/345", "b", 60)


def test_a_lock_expires_unless_its_owner_prolongs_it(ledger: RunLedger, clock: FakeClock) -> None:
    ledger.acquire_lock("list/345", "a", 60)
    clock.advance(59)
    assert ledger.acquire_lock("list/345", "a", 60)
    clock.advance(59)
    assert not ledger.acquire_lock("list/345", "b", 60)
    clock.advance(1)
    assert ledger.acquire_lock("list/345", "b", 60)
    assert not ledger.acquire_lock("list/345", "a", 60)


def test_only_who_has_a_lock_prolongs_it(ledger: RunLedger, clock: FakeClock) -> None:
    assert not ledger.prolong_lock("list/345", "a", 60)
    ledger.acquire_lock("list/345", "a", 60)
    clock.advance(59)
    assert ledger.prolong_lock("list/345", "a", 60)
    clock.advance(59)
    assert not ledger.acquire_lock("list/345", "b", 60)
    clock.advance(1)

    assert ledger.acquire_lock("list/345", "b", 60)

    assert not ledger.prolong_lock("list/345", "a", 60)
    ledger.release_lock("list/345", "b")
    assert not ledger.prolong_lock("list/345", "b", 60)


def test_a_plan_is_put_by_who_has_the_lock_alone(ledger: RunLedger, clock: FakeClock) -> None:
    older, newer = PLANS[0], replace(PLANS[0], lock="newer")
    kind = type(older)
    assert not ledger.put_plan_under("list/345", "a", RUN, older)
    ledger.acquire_lock("list/345", "a", 60)
    assert ledger.put_plan_under("list/345", "a", RUN, older)
    clock.advance(61)
    ledger.acquire_lock("list/345", "b", 60)

    assert ledger.put_plan_under("list/345", "b", RUN, newer)
    assert not ledger.put_plan_under("list/345", "a", RUN, older)
    ledger.release_lock("list/345", "b")
    assert not ledger.put_plan_under("list/345", "a", RUN, older)

    assert ledger.get_plan(RUN, kind) == newer


def test_releasing_a_lock_that_nobody_holds_does_nothing(ledger: RunLedger) -> None:
    ledger.release_lock("list/345", "a")

    assert ledger.acquire_lock("list/345", "b", 60)
