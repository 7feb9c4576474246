"""The run ledger in DynamoDB.

Counts are kept by chunk, not by row: a chunk's end and the addition to its run's counters are one transaction, whose
condition on the chunk makes a repeat harmless at any distance in time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from listrak_relay.adapters.aws import ledger_items as items
from listrak_relay.adapters.aws import ledger_writes as writes
from listrak_relay.adapters.aws.dynamodb_table import (
    MAX_TRANSACTION_ACTIONS,
    ConditionFailedError,
    Delete,
    DynamoDbTable,
    Put,
    TransactionRefusedError,
    Update,
)
from listrak_relay.domain.delivery.plans import RunPlan
from listrak_relay.domain.destinations.destinations import Destination
from listrak_relay.domain.run.manifest import RunManifest
from listrak_relay.domain.run.runs import ChunkOutcome, ChunkRecord, ChunkState, DroppedFile, Run, RunStatus, Tally
from listrak_relay.domain.values.plain_values import from_json, to_json
from listrak_relay.errors import RetryableError
from listrak_relay.ports.ledger import Opening, P
from listrak_relay.ports.time import DAY_SECONDS, Clock

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_SETTLE_ATTEMPTS = 5


class DynamoDbLedger:
    """`ports.ledger.RunLedger`. Items vanish ``retention_days`` after they were first written."""

    def __init__(self, table_name: str, client: DynamoDBClient, clock: Clock, retention_days: int = 90) -> None:
        self._table = DynamoDbTable(table_name, client)
        self._clock = clock
        self._retention = retention_days * DAY_SECONDS

    # --- runs --------------------------------------------------------------------------------------------------------

    def open_run(
        self, source: DroppedFile, destination: str, audience: str, owner: str, lease_seconds: float
    ) -> Opening:
        now = self._clock.now()
        lease = {"owner": owner, "lease_until": now + lease_seconds}
        run = items.new_run(source, destination, audience, now) | lease | self._expiry()
        try:
            self._table.put(run, when=writes.NOT_THERE)
        except ConditionFailedError:
            return self._take_over(source.run_id, lease, now)
        return Opening.OPENED

    def _take_over(self, run_id: str, lease: items.Item, now: float) -> Opening:
        try:
            run = self._table.update(writes.run_taken_over(run_id, lease, now))
        except ConditionFailedError:
            return self._reopen(run_id, lease, now)
        return Opening.REDISPATCH if "rows_read" in run else Opening.RESUMED

    def _reopen(self, run_id: str, lease: items.Item, now: float) -> Opening:
        try:
            self._table.update(writes.run_reopened(run_id, lease, now))
        except ConditionFailedError:
            return Opening.DUPLICATE
        return Opening.REOPENED

    def record_ingest(self, manifest: RunManifest[Destination], status: RunStatus = RunStatus.DELIVERING) -> None:
        """The chunks' items are there before the run says so. Each transaction also asks whether the run is still
        without its rows, so that a late attempt cannot put a chunk back that is already on its way."""
        run_id = manifest.run_id
        if self.get_run(run_id).rows_read is not None:
            return
        changes: list[Put | Delete] = [
            Put(items.new_chunk(run_id, chunk) | self._expiry()) for chunk in manifest.chunks
        ]
        # An attempt broken off under other settings may have split the file differently.
        kept = {chunk.chunk_id for chunk in manifest.chunks}
        changes += [Delete(items.chunk_key(run_id, c.chunk_id)) for c in self.chunks(run_id) if c.chunk_id not in kept]
        batch = MAX_TRANSACTION_ACTIONS - 1
        try:
            while len(changes) > batch:
                self._table.transact([writes.ingest_begun(run_id), *changes[:batch]])
                changes = changes[batch:]
            self._table.transact([writes.ingested(manifest, status, self._clock.now()), *changes])
        except TransactionRefusedError:
            return

    def mark_dispatched(self, run_id: str) -> None:
        self._change(writes.dispatched(run_id))

    def get_run(self, run_id: str) -> Run:
        return items.run_from(self._get(items.run_key(run_id)))

    def note_problem(self, run_id: str, code: str, problem: str) -> None:
        self._change(writes.problem_noted(run_id, code, problem))

    def note_trouble(self, run_id: str, why: str, now: float) -> None:
        self._change(writes.troubled(run_id, why, now))

    def note_waiting(self, run_id: str, why: str) -> None:
        self._change(writes.waiting(run_id, why))

    def note_turn(self, run_id: str, waited_seconds: float, overtook: str | None) -> None:
        self._change(writes.turn_come(run_id, waited_seconds, overtook))

    def close_run(self, run_id: str, status: RunStatus, now: float, seen: Tally) -> bool:
        if not status.final:
            raise ValueError(f"a run cannot be closed as {status}")
        if self._change(writes.closed(run_id, status, now, seen)):
            return True
        run = self.get_run(run_id)
        return run.status is status and run.tally == seen

    def open_runs(self) -> list[Run]:
        """By time of opening. The index may lag behind by seconds; the runs themselves are read anew."""
        runs = [self._table.get(items.run_key(run_id)) for run_id in self.open_run_ids()]
        return [items.run_from(run) for run in runs if run and "closed_at" not in run]

    def open_run_ids(self) -> list[str]:
        found = self._table.query("#open = :open", {"open": items.OPEN}, index=items.OPEN_RUNS_INDEX)
        return [items.run_id_of(entry) for entry in found]

    def lease_expired(self, run_id: str, now: float) -> bool:
        return bool(self._get(items.run_key(run_id))["lease_until"] <= now)

    # --- chunks ------------------------------------------------------------------------------------------------------

    def chunks(self, run_id: str) -> list[ChunkRecord]:
        values = {"pk": items.run_key(run_id)["pk"], "chunk": items.CHUNK_PREFIX}
        return [items.chunk_from(item) for item in self._table.query("#pk = :pk AND begins_with(#sk, :chunk)", values)]

    def get_chunk(self, run_id: str, chunk_id: str) -> ChunkRecord:
        return items.chunk_from(self._get(items.chunk_key(run_id, chunk_id)))

    def begin_attempt(self, run_id: str, chunk_id: str, now: float, seen: float | None) -> bool:
        return self._change(writes.attempt_begun(run_id, chunk_id, now, seen))

    def mark_redriven(self, run_id: str, chunk_id: str) -> None:
        self._change(writes.redriven(run_id, chunk_id))

    def mark_parked(self, run_id: str, chunk_id: str) -> None:
        self._change(writes.parked(run_id, chunk_id))

    def abandon_attempt(self, run_id: str, chunk_id: str) -> None:
        self._change(writes.attempt_abandoned(run_id, chunk_id))

    def record_submission(self, run_id: str, chunk_id: str, import_id: int) -> None:
        if not self._change(writes.submitted(run_id, chunk_id, import_id)):
            chunk = self.get_chunk(run_id, chunk_id)
            if chunk.import_id != import_id:
                raise RetryableError(f"chunk {chunk_id} of run {run_id} is {chunk.state}, not SENDING")

    def settle(self, run_id: str, chunk_id: str, outcome: ChunkOutcome) -> Run:
        for _ in range(_SETTLE_ATTEMPTS):
            item = self._get(items.chunk_key(run_id, chunk_id))
            state = item["state"]
            if state == ChunkState.SETTLED or (state == ChunkState.DEAD_LETTERED and outcome.dead):
                return self.get_run(run_id)
            try:
                self._table.transact(writes.settlement(run_id, chunk_id, item, outcome, self._clock.now()))
            except TransactionRefusedError:
                continue  # settled in the meantime, or settled by this very call and the answer was lost
            return self.get_run(run_id)
        raise RetryableError(f"chunk {chunk_id} of run {run_id} was settled by others again and again")

    # --- plans and locks ---------------------------------------------------------------------------------------------

    def get_plan(self, run_id: str, kind: type[P]) -> P | None:
        item = self._table.get(items.plan_key(run_id))
        return None if item is None else from_json(kind, item["plan"])

    def put_plan(self, run_id: str, plan: RunPlan) -> None:
        self._table.put(items.plan_key(run_id) | {"plan": to_json(plan).decode()} | self._expiry())

    def put_plan_under(self, lock: str, owner: str, run_id: str, plan: RunPlan) -> bool:
        item = items.plan_key(run_id) | {"plan": to_json(plan).decode()} | self._expiry()
        try:
            self._table.transact([writes.lock_still_held(lock, owner), Put(item)])
        except TransactionRefusedError:
            return False
        return True

    def acquire_lock(self, name: str, owner: str, seconds: float) -> bool:
        now = self._clock.now()
        lock = items.lock_key(name) | {"owner": owner, "lease_until": now + seconds} | self._expiry()
        try:
            self._table.put(lock, when=writes.FREE_LOCK, values={"owner": owner, "now": now})
        except ConditionFailedError:
            return False
        return True

    def prolong_lock(self, name: str, owner: str, seconds: float) -> bool:
        try:
            self._table.update(writes.lock_prolonged(name, owner, self._clock.now() + seconds))
        except ConditionFailedError:
            return False
        return True

    def release_lock(self, name: str, owner: str) -> None:
        try:
            self._table.delete(items.lock_key(name), when=writes.OWN_LOCK, values={"owner": owner})
        except ConditionFailedError:
            return

    # --- inside ------------------------------------------------------------------------------------------------------

    def _get(self, key: items.Item) -> items.Item:
        item = self._table.get(key)
        if item is None:
            raise KeyError(f"{key['pk']} {key['sk']}")
        return item

    def _change(self, change: Update) -> bool:
        """Whether the condition held. Raises KeyError: there is no such item."""
        try:
            self._table.update(change)
        except ConditionFailedError as failed:
            if failed.item is None:
                raise KeyError(f"{change.key['pk']} {change.key['sk']}") from failed
            return False
        return True

    def _expiry(self) -> items.Item:
        return {"expires_at": int(self._clock.now() + self._retention)}
