"""One queue message: one chunk of a run goes to Listrak SMS."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from listrak_relay.domain.delivery.plans import Stage
from listrak_relay.domain.delivery.sms_numbers import comparable, sent_form
from listrak_relay.domain.delivery.sms_results import Removal, outcome_of
from listrak_relay.domain.destinations.destinations import SmsDestination
from listrak_relay.domain.run.manifest import Chunk, SmsManifest
from listrak_relay.domain.run.row_ends import FAILED_ALONE, RowEnd
from listrak_relay.domain.run.runs import ChunkRecord, ChunkState
from listrak_relay.errors import (
    ConfigurationError,
    NotYetError,
    OutcomeUnknownError,
    RetryableError,
    UnfinishedError,
)
from listrak_relay.messages import DeliverChunk, FollowImport
from listrak_relay.ports.ledger import RunLedger
from listrak_relay.ports.listrak_sms import SmsGateway, SmsGateways, SmsImportOrder
from listrak_relay.ports.messaging import MessageQueue
from listrak_relay.ports.storage import ObjectStore
from listrak_relay.ports.time import Clock, TimeLeft
from listrak_relay.scratch import scratch_folder
from listrak_relay.use_cases.lanes.superseding import Superseding
from listrak_relay.use_cases.lanes.turns import NotItsTurnError, Turns
from listrak_relay.use_cases.runs.attempts import check_attempts
from listrak_relay.use_cases.runs.chunk_content import check_chunk
from listrak_relay.use_cases.runs.chunk_rows import record_of
from listrak_relay.use_cases.runs.first_looks import FirstLooks
from listrak_relay.use_cases.runs.import_names import import_file_name
from listrak_relay.use_cases.runs.open_chunks import OpenChunks
from listrak_relay.use_cases.runs.progress import Checkpoints, Progress, ProgressStore, place_of_removal
from listrak_relay.use_cases.runs.refusing import Refusing
from listrak_relay.use_cases.runs.rejects_file import RejectsFile
from listrak_relay.use_cases.runs.row_calls import RowCalls
from listrak_relay.use_cases.runs.settling import Settling
from listrak_relay.use_cases.sms.calls import NumberCalls
from listrak_relay.use_cases.sms.early import EarlySmsOptOuts
from listrak_relay.use_cases.sms.number_forms import CODE, NumberForms
from listrak_relay.use_cases.sms.opt_outs import OptOutsUnknownError, OptOutWatch
from listrak_relay.use_cases.sms.prepare import PrepareSms
from listrak_relay.use_cases.sms.rows import SmsRow, SmsRows

_OPT_OUTS_UNREADABLE = (
    "Listrak's opt-outs could not be read, so nobody was subscribed who might be among them. Return the batches from "
    "the dead-letter queue when Listrak answers again."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverSms:
    """``side_by_side``: calls under way at once. ``max_attempts``: imports of one chunk's values that are begun, before
    it is set aside."""

    ledger: RunLedger
    store: ObjectStore
    open_chunks: OpenChunks
    turns: Turns
    early: EarlySmsOptOuts
    superseding: Superseding
    gateways: SmsGateways
    rejects: RejectsFile
    import_queue: MessageQueue
    first_looks: FirstLooks
    settling: Settling
    refusing: Refusing
    prepare: PrepareSms
    clock: Clock
    side_by_side: int
    calls_between_saves: int
    max_attempts: int

    def deliver(self, message: DeliverChunk, owner: str, time_left: TimeLeft) -> None:
        """Deliver the chunk or a part of it; a repeat changes nothing. ``owner``: this invocation's request id.

        Raises:
            UnfinishedError: the rest is to be handed on.
            RelayError: see `use_cases.consuming` for what becomes of the message.
        """
        found = self.open_chunks.find(message)
        if found is None:
            return
        manifest, chunk, record = found.manifest.of(SmsDestination), found.chunk, found.record
        if record.state is ChunkState.SUBMITTED and record.import_id is not None:
            self._follow(manifest, chunk, record.import_id)
            return
        gateway = self.gateways.for_secret(manifest.destination.secret)
        try:
            self.turns.take(manifest)
        except NotItsTurnError:
            self.turns.while_waiting(manifest, chunk, lambda: self.early.send(manifest, chunk, gateway, time_left))
            raise
        plan = self.prepare.plan_for(manifest, gateway, owner, time_left)
        if plan.stage is Stage.REFUSED:
            self.refusing.refuse(manifest, chunk, plan.refusal_code, plan.refusal)
            return
        progress = ProgressStore(self.store).load(message.run_id, message.chunk_id)
        progress.stale = progress.stale or plan.stale(self.clock.now())
        verdicts = self.superseding.judge(manifest, chunk)
        rows = SmsRows(self.store, manifest, plan, chunk, verdicts)
        self._call(rows, progress, gateway, time_left)
        self.rejects.write(manifest.run_id, chunk.chunk_id, rows.turned_away(progress))
        import_id = self._import_values(rows, progress, record, gateway)
        if import_id is None:
            ends = (end for _, end in rows.ends(progress))
            outcome = outcome_of(ends, progress.removals.values())
            self.settling.settle(manifest.run_id, chunk.chunk_id, outcome)
        else:
            self._follow(manifest, chunk, import_id)

    def _follow(self, manifest: SmsManifest, chunk: Chunk, import_id: int) -> None:
        follow = FollowImport(manifest.run_id, chunk.chunk_id, import_id)
        self.import_queue.send([follow], delay_seconds=self.first_looks.delay(manifest, chunk))

    def _call(self, rows: SmsRows, progress: Progress, gateway: SmsGateway, time_left: TimeLeft) -> None:
        """Every call of the chunk that an earlier delivery has not made."""
        check_chunk(self.store, rows.chunk)
        plan, destination = rows.plan, rows.manifest.destination
        opt_outs = OptOutWatch(gateway, plan, self.clock, time_left, destination.passes_over_nameless)
        forms = NumberForms(gateway, plan.sender_code_id, destination.phone_format)
        calls = NumberCalls(gateway, plan, destination, opt_outs, forms)
        removals = list(enumerate(rows.removals()))
        self._give_up_removals(rows, progress, removals)
        leaving = [pair for pair in removals if pair[0] not in progress.removals]
        checkpoints = Checkpoints(
            ProgressStore(self.store),
            self.clock,
            rows.manifest.run_id,
            rows.chunk.chunk_id,
            progress,
            self.calls_between_saves,
        )

        def waiting() -> Iterator[SmsRow | tuple[int, str]]:
            yield from rows.calls(progress)
            yield from leaving

        def do(item: SmsRow | tuple[int, str]) -> RowEnd | Removal:
            if isinstance(item, SmsRow):
                return calls.take(item.step, item.number, rows.facts(item))
            return calls.remove(item[1])

        def keep(item: SmsRow | tuple[int, str], end: RowEnd | Removal) -> None:
            if isinstance(item, SmsRow) and isinstance(end, RowEnd):
                progress.rows[item.position] = end
            elif isinstance(item, tuple) and isinstance(end, Removal):
                progress.removals[item[0]] = end

        row_calls = RowCalls[SmsRow | tuple[int, str], RowEnd | Removal](
            checkpoints=checkpoints,
            rows=rows.chunk.rows,
            width=self.side_by_side,
            time_left=time_left,
            place=lambda item: item.position if isinstance(item, SmsRow) else place_of_removal(item[0]),
        )
        try:
            row_calls.make(
                waiting,
                do,
                keep,
                lambda item: keep(item, FAILED_ALONE if isinstance(item, SmsRow) else Removal.REFUSED),
            )
        except RetryableError as error:
            self._name(error.__cause__ if isinstance(error, UnfinishedError) else error, rows)
            raise
        checkpoints.save()

    def _name(self, error: BaseException | None, rows: SmsRows) -> None:
        if isinstance(error, OptOutsUnknownError) and not rows.plan.opt_outs_read:
            self.ledger.note_problem(rows.manifest.run_id, "opt_outs_unreadable", _OPT_OUTS_UNREADABLE)

    def _give_up_removals(self, rows: SmsRows, progress: Progress, removals: list[tuple[int, str]]) -> None:
        """Who is on the list by now may have come by another file: of a plan that is too old nobody is removed, of a
        late run nobody of whom a newer one speaks."""
        if progress.stale:
            progress.removals |= {position: Removal.GIVEN_UP for position, _ in removals}
        elif removals:
            country, numbers = rows.plan.country, {number for _, number in removals}
            staying = self.superseding.spoken_of(rows.manifest, numbers, lambda key: comparable(key, country))
            left = {position: Removal.GIVEN_UP for position, number in removals if number in staying}
            progress.removals = left | progress.removals

    def _import_values(self, rows: SmsRows, progress: Progress, record: ChunkRecord, gateway: SmsGateway) -> int | None:
        """Start the import of the profile values, None if there are none.

        A lost answer is met by another import: Listrak lists none by name, and one of the same values changes nothing.
        """
        with scratch_folder() as folder:
            path = folder / "values.csv"
            if not self._write_values(rows, progress, path):
                return None
            self._check_form(rows, progress, gateway)
            check_attempts(record.attempts, self.max_attempts)
            run_id, chunk_id, plan = rows.manifest.run_id, rows.chunk.chunk_id, rows.plan
            if not self.ledger.begin_attempt(run_id, chunk_id, self.clock.now(), record.attempted_at):
                raise NotYetError("another delivery of this message has begun an import", 5)
            fields = tuple(field.field_id for field in plan.fields if field and field.field_id)
            order = SmsImportOrder(import_file_name(run_id, chunk_id), fields)
            try:
                with path.open("rb") as body:
                    import_id = gateway.start_import(plan.sender_code_id, order, path.stat().st_size, body)
            except OutcomeUnknownError as error:
                raise RetryableError(f"the profile values may not have arrived: {error}") from error
        self.ledger.record_submission(run_id, chunk_id, import_id)
        return import_id

    def _check_form(self, rows: SmsRows, progress: Progress, gateway: SmsGateway) -> None:
        """Listrak's import drops numbers that it does not find without a word."""
        forms = NumberForms(gateway, rows.plan.sender_code_id, rows.manifest.destination.phone_format)
        if why := forms.why_values_would_be_lost(number for number, *_ in rows.with_values(progress)):
            raise ConfigurationError(CODE, why)

    def _write_values(self, rows: SmsRows, progress: Progress, path: Path) -> bool:
        """Whether there was any."""
        form = rows.manifest.destination.phone_format
        written = False
        with path.open("w", encoding="utf-8", newline="") as file:
            for number, *values in rows.with_values(progress):
                file.write(record_of([sent_form(number, form), *values]) + "\n")
                written = True
        return written
