"""What only the table can show: how items are kept, and what a lost answer or a broken attempt leaves behind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ConnectionClosedError

from listrak_relay.adapters.aws.dynamodb_ledger import DynamoDbLedger
from listrak_relay.domain.delivery.plans import RunPlan
from listrak_relay.domain.destinations.destinations import EmailDestination
from listrak_relay.domain.run.manifest import Action, Chunk, EmailManifest, RunManifest
from listrak_relay.domain.run.runs import ChunkOutcome, DroppedFile, Tally
from listrak_relay.errors import ConfigurationError, RetryableError
from listrak_relay.ports.ledger import Opening
from tests.support.aws.emulator import Emulator
from tests.support.fakes import FakeClock

if TYPE_CHECKING:
    from collections.abc import Callable

SOURCE = DroppedFile("drop", "email/vip/people.csv", "v1", 1_000, "2027-01-15T08:00:00Z")
RUN = SOURCE.run_id


def manifest(*chunk_ids: str) -> EmailManifest:
    """Ten rows in each chunk."""
    chunks = tuple(Chunk(name, Action.SUBSCRIBE, "key", "rows", 10, 100, "00") for name in chunk_ids)
    return RunManifest(
        run_id=RUN,
        source=SOURCE,
        destination=EmailDestination("email"),
        audience="vip",
        columns=(),
        chunks=chunks,
        rows_read=10 * len(chunks),
        rejected=0,
        duplicates=0,
    )


class LosingAnswers:
    """A client whose calls take effect; the answers of the first ``lost`` calls of ``operation`` never arrive."""

    def __init__(self, client: Any, operation: str, lost: int = 1) -> None:
        self._client, self._operation, self._lost = client, operation, lost

    def __getattr__(self, name: str) -> Callable[..., Any]:
        call: Callable[..., Any] = getattr(self._client, name)
        return self._without_answer(call) if name == self._operation else call

    def _without_answer(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def answerless(**arguments: Any) -> Any:
            answer = call(**arguments)
            if self._lost:
                self._lost -= 1
                raise ConnectionClosedError(endpoint_url="http://emulator")
            return answer

        return answerless


@pytest.fixture
def ledger(emulator: Emulator, ledger_table: str, clock: FakeClock) -> DynamoDbLedger:
    return DynamoDbLedger(ledger_table, emulator.dynamodb, clock)


def test_a_settlement_whose_answer_was_lost_is_counted_once(
    emulator: Emulator, ledger_table: str, ledger: DynamoDbLedger, clock: FakeClock
) -> None:
    ledger.open_run(SOURCE, "email", "vip", "request-1", 60)
    ledger.record_ingest(manifest("subscribe-0001"))
    client: Any = LosingAnswers(emulator.dynamodb, "transact_write_items")
    losing = DynamoDbLedger(ledger_table, client, clock)

    with pytest.raises(RetryableError):
        losing.settle(RUN, "subscribe-0001", ChunkOutcome(Tally(accepted=10)))
    run = losing.settle(RUN, "subscribe-0001", ChunkOutcome(Tally(accepted=10)))

    assert (run.tally, run.settled, run.balanced) == (Tally(accepted=10), 1, True)


def test_a_run_whose_opening_was_not_answered_is_resumed_by_its_invocation(
    emulator: Emulator, ledger_table: str, clock: FakeClock
) -> None:
    client: Any = LosingAnswers(emulator.dynamodb, "put_item")
    losing = DynamoDbLedger(ledger_table, client, clock)

    with pytest.raises(RetryableError):
        losing.open_run(SOURCE, "email", "vip", "request-1", 60)

    assert losing.open_run(SOURCE, "email", "vip", "request-1", 60) is Opening.RESUMED


def test_an_ingest_that_broke_off_between_its_transactions_is_not_yet_seen_and_can_be_done_again(
    emulator: Emulator, ledger_table: str, ledger: DynamoDbLedger, clock: FakeClock
) -> None:
    ledger.open_run(SOURCE, "email", "vip", "request-1", 60)
    many = [f"subscribe-{n:04d}" for n in range(250)]
    client: Any = LosingAnswers(emulator.dynamodb, "transact_write_items")

    with pytest.raises(RetryableError):
        DynamoDbLedger(ledger_table, client, clock).record_ingest(manifest(*many))
    assert ledger.get_run(RUN).rows_read is None

    ledger.record_ingest(manifest(*many))
    assert ledger.get_run(RUN).chunks == len(ledger.chunks(RUN)) == 250


def test_chunks_of_an_attempt_that_split_the_file_differently_are_removed(
    emulator: Emulator, ledger_table: str, ledger: DynamoDbLedger, clock: FakeClock
) -> None:
    ledger.open_run(SOURCE, "email", "vip", "request-1", 60)
    client: Any = LosingAnswers(emulator.dynamodb, "transact_write_items")
    with pytest.raises(RetryableError):
        DynamoDbLedger(ledger_table, client, clock).record_ingest(
            manifest(*(f"subscribe-{n:04d}" for n in range(1, 251)))
        )

    ledger.record_ingest(manifest("subscribe-0001", "unsubscribe-0001"))

    assert [chunk.chunk_id for chunk in ledger.chunks(RUN)] == ["subscribe-0001", "unsubscribe-0001"]


def test_every_item_expires_after_the_retention(emulator: Emulator, ledger_table: str, clock: FakeClock) -> None:
    ledger = DynamoDbLedger(ledger_table, emulator.dynamodb, clock, retention_days=30)
    ledger.open_run(SOURCE, "email", "vip", "request-1", 60)
    ledger.record_ingest(manifest("subscribe-0001"))
    ledger.put_plan(RUN, RunPlan())
    ledger.acquire_lock("list", RUN, 60)

    items = emulator.dynamodb.scan(TableName=ledger_table)["Items"]

    assert {item["sk"]["S"] for item in items} == {"RUN", "CHUNK#subscribe-0001", "PLAN", "LOCK"}
    assert {item["expires_at"]["N"] for item in items} == {str(int(clock.now()) + 30 * 86_400)}


def test_a_missing_table_is_a_fault_of_the_settings(emulator: Emulator, clock: FakeClock) -> None:
    ledger = DynamoDbLedger("no-such-table", emulator.dynamodb, clock)

    for call in (ledger.open_runs, lambda: ledger.get_run(RUN), lambda: ledger.acquire_lock("list", RUN, 60)):
        with pytest.raises(ConfigurationError, match="no-such-table") as raised:
            call()
        assert raised.value.code == "aws_resource_missing"


def test_a_table_that_cannot_be_reached_is_for_later(emulator: Emulator, clock: FakeClock) -> None:
    ledger = DynamoDbLedger("ledger", emulator.client("dynamodb", "http://127.0.0.1:1"), clock)

    for call in (ledger.open_runs, lambda: ledger.get_run(RUN), lambda: ledger.acquire_lock("list", RUN, 60)):
        with pytest.raises(RetryableError):
            call()
