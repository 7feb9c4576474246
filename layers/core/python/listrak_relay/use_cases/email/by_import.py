"""Delivers a chunk as one list import, at most once: Listrak starts a second import for a repeated call."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from listrak_relay.domain.delivery.email_plan import EmailPlan
from listrak_relay.domain.run.manifest import AUDIENCE_MARK, Action, Chunk, EmailManifest
from listrak_relay.domain.run.rejects import Reject
from listrak_relay.domain.run.runs import ChunkRecord, ChunkState
from listrak_relay.errors import BoundedWaitError, NotYetError, OutcomeUnknownError, RetryableError
from listrak_relay.ports.ledger import RunLedger
from listrak_relay.ports.listrak_email import EmailGateway, ImportOrder
from listrak_relay.ports.storage import ObjectStore
from listrak_relay.ports.time import Clock
from listrak_relay.scratch import scratch_folder
from listrak_relay.use_cases.lanes.superseding import Superseding
from listrak_relay.use_cases.runs.attempts import check_attempts
from listrak_relay.use_cases.runs.chunk_content import open_chunk
from listrak_relay.use_cases.runs.chunk_rows import checked_rows, checks_of, record_of
from listrak_relay.use_cases.runs.import_names import CLOCK_TOLERANCE_SECONDS, import_file_name
from listrak_relay.use_cases.runs.rejects_file import RejectsFile, values_section

UPLOAD_SHARE = 0.7
"""Of the wait for a lost outcome: an upload that lasts longer is broken off, and Listrak has the rest to list it."""


@dataclass(frozen=True, slots=True)
class Sent:
    """``import_id`` None: no row of the chunk could be sent. ``rejected``: rows left out, by reason."""

    import_id: int | None
    rejected: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverImport:
    """``outcome_wait``: seconds after the begin of an attempt until an import that is not listed was not sent.
    ``max_attempts``: imports of one chunk that are begun, before it is set aside."""

    ledger: RunLedger
    store: ObjectStore
    rejects: RejectsFile
    superseding: Superseding
    clock: Clock
    outcome_wait: float
    max_attempts: int

    def deliver(
        self,
        manifest: EmailManifest,
        plan: EmailPlan,
        chunk: Chunk,
        record: ChunkRecord,
        gateway: EmailGateway,
    ) -> Sent:
        """Send the chunk unless an earlier attempt did.

        Raises:
            BoundedWaitError: an earlier attempt may still come to light.
            OutcomeUnknownError: sent, no answer.
            RetryableError: nothing was sent.
            ConfigurationError: nothing was sent; also when the chunk is not what ingest wrote.
        """
        if record.state is ChunkState.SUBMITTED and record.import_id is not None:
            return Sent(record.import_id, self._left_out(manifest, plan, chunk))
        name = import_file_name(manifest.run_id, chunk.chunk_id)
        if record.attempted_at is not None:
            found = gateway.find_import(plan.list_id, name, record.attempted_at - CLOCK_TOLERANCE_SECONDS)
            if found is not None:
                if record.state is ChunkState.DEAD_LETTERED:
                    self._begin(manifest, chunk, record)
                self.ledger.record_submission(manifest.run_id, chunk.chunk_id, found)
                return Sent(found, self._left_out(manifest, plan, chunk))
            remaining = record.attempted_at + self.outcome_wait - self.clock.now()
            if remaining > 0:
                raise BoundedWaitError("an earlier attempt may still come to light", remaining)
        return self._send(manifest, plan, chunk, record, gateway, name)

    def _begin(self, manifest: EmailManifest, chunk: Chunk, record: ChunkRecord) -> float:
        check_attempts(record.attempts, self.max_attempts)
        now = self.clock.now()
        if not self.ledger.begin_attempt(manifest.run_id, chunk.chunk_id, now, record.attempted_at):
            raise NotYetError("another delivery of this message has begun an attempt", 5)
        return now

    def _send(
        self,
        manifest: EmailManifest,
        plan: EmailPlan,
        chunk: Chunk,
        record: ChunkRecord,
        gateway: EmailGateway,
        name: str,
    ) -> Sent:
        now = self._begin(manifest, chunk, record)
        # No other delivery of the chunk can send it any more, and nothing that was sent before has arrived.
        verdicts = self.superseding.judge(manifest, chunk)
        field_ids: tuple[int, ...] = ()
        if chunk.action is not Action.UNSUBSCRIBE:
            field_ids = (*(field.field_id for field in plan.fields), plan.audience_field_id)
        order = ImportOrder(name, chunk.action, field_ids, manifest.destination.trigger_journey)
        try:
            until = now + UPLOAD_SHARE * self.outcome_wait
            import_id, rejected = self._stream(manifest, plan, chunk, verdicts, gateway, order, until)
        except OutcomeUnknownError:
            raise
        except Exception:
            # Every other error means that Listrak has not taken the import.
            self.ledger.abandon_attempt(manifest.run_id, chunk.chunk_id)
            raise
        if import_id is not None:
            self.ledger.record_submission(manifest.run_id, chunk.chunk_id, import_id)
        return Sent(import_id, rejected)

    def _stream(
        self,
        manifest: EmailManifest,
        plan: EmailPlan,
        chunk: Chunk,
        verdicts: str,
        gateway: EmailGateway,
        order: ImportOrder,
        until: float,
    ) -> tuple[int | None, dict[str, int]]:
        if not verdicts and (chunk.action is Action.UNSUBSCRIBE or not checks_of(manifest, plan.fields)):
            with open_chunk(self.store, chunk) as body:
                return self._start(plan, gateway, order, chunk.size, body, until), {}
        with scratch_folder() as folder:
            path = folder / "fitting.csv"
            rejected = self._write_fitting(manifest, plan, chunk, verdicts, path)
            if sum(rejected.values()) == chunk.rows:
                return None, rejected
            with path.open("rb") as body:
                return self._start(plan, gateway, order, path.stat().st_size, body, until), rejected

    def _start(
        self, plan: EmailPlan, gateway: EmailGateway, order: ImportOrder, size: int, body: BinaryIO, until: float
    ) -> int:
        guarded = io.BufferedReader(_UntilReader(body, self.clock, until), buffer_size=1 << 18)
        return gateway.start_import(plan.list_id, order, size, guarded)

    def _write_fitting(
        self, manifest: EmailManifest, plan: EmailPlan, chunk: Chunk, verdicts: str, path: Path
    ) -> dict[str, int]:
        """Rows that fit their profile fields go to ``path``, the others to the rejects; counts the others by reason.
        In constant memory, since it may be all of them."""
        rejected: Counter[str] = Counter()
        with path.open("w", encoding="utf-8", newline="") as file:

            def left_out() -> Iterator[Reject]:
                for row in checked_rows(self.store, manifest, plan.fields, chunk, verdicts):
                    if isinstance(row, Reject):
                        rejected[row.reason] += 1
                        yield row
                    elif chunk.action is Action.UNSUBSCRIBE:
                        file.write(record_of([row.contact]) + "\n")
                    else:
                        mark = AUDIENCE_MARK if row.marked else ""
                        file.write(record_of([row.contact, *row.values, mark]) + "\n")

            self.rejects.write(manifest.run_id, values_section(chunk.chunk_id), left_out())
        return dict(rejected)

    def _left_out(self, manifest: EmailManifest, plan: EmailPlan, chunk: Chunk) -> dict[str, int]:
        verdicts = self.superseding.stored(manifest.run_id, chunk.chunk_id)
        if not verdicts and (chunk.action is Action.UNSUBSCRIBE or not checks_of(manifest, plan.fields)):
            return {}
        rows = checked_rows(self.store, manifest, plan.fields, chunk, verdicts)
        return dict(Counter(row.reason for row in rows if isinstance(row, Reject)))


class _UntilReader(io.RawIOBase):
    """Breaks an upload off in time, so that a later delivery may rely on it that no earlier one is still sending."""

    def __init__(self, body: BinaryIO, clock: Clock, until: float) -> None:
        self._body, self._clock, self._until = body, clock, until

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if self._clock.now() > self._until:
            raise RetryableError("the upload took too long and was broken off")
        block = self._body.read(len(buffer))
        buffer[: len(block)] = block
        return len(block)
