"""All calls for the numbers of one chunk, those for leavers among them, that earlier deliveries have not made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from listrak_relay.domain.delivery.sms_numbers import comparable
from listrak_relay.domain.delivery.sms_results import Removal
from listrak_relay.domain.run.row_ends import FAILED_ALONE, RowEnd
from listrak_relay.errors import RetryableError, UnfinishedError
from listrak_relay.ports.ledger import RunLedger
from listrak_relay.ports.listrak_sms import SmsGateway
from listrak_relay.ports.storage import ObjectStore
from listrak_relay.ports.time import Clock, TimeLeft
from listrak_relay.use_cases.lanes.superseding import Superseding
from listrak_relay.use_cases.runs.chunk_content import check_chunk
from listrak_relay.use_cases.runs.progress import Checkpoints, Progress, ProgressStore, place_of_removal
from listrak_relay.use_cases.runs.row_calls import RowCalls
from listrak_relay.use_cases.sms.calls import NumberCalls
from listrak_relay.use_cases.sms.number_forms import NumberForms
from listrak_relay.use_cases.sms.opt_outs import OptOutsUnknownError, OptOutWatch
from listrak_relay.use_cases.sms.rows import SmsRow, SmsRows

_OPT_OUTS_UNREADABLE = (
    "Listrak's opt-outs could not be read, so nobody was subscribed who might be among them. Return the batches from "
    "the dead-letter queue when Listrak answers again."
)

_Leaver = tuple[int, str]
"""Its place among the chunk's removals, and its number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkCalls:
    """``side_by_side``: calls under way at once. ``calls_between_saves``: of the progress."""

    ledger: RunLedger
    store: ObjectStore
    clock: Clock
    superseding: Superseding
    side_by_side: int
    calls_between_saves: int

    def make(self, rows: SmsRows, progress: Progress, gateway: SmsGateway, time_left: TimeLeft) -> None:
        """``progress`` is filled and kept.

        Raises:
            UnfinishedError: the rest is to be handed on.
            RelayError: as `use_cases.runs.row_calls` and the gateway say.
        """
        check_chunk(self.store, rows.chunk)
        plan, destination = rows.plan, rows.manifest.destination
        opt_outs = OptOutWatch(gateway, plan, self.clock, time_left, destination.passes_over_nameless)
        forms = NumberForms(gateway, plan.sender_code_id, destination.phone_format)
        calls = NumberCalls(gateway, plan, destination, opt_outs, forms)
        removals = list(enumerate(rows.removals()))
        self._give_up_removals(rows, progress, removals)
        leaving = [leaver for leaver in removals if leaver[0] not in progress.removals]
        checkpoints = Checkpoints(
            ProgressStore(self.store),
            self.clock,
            rows.manifest.run_id,
            rows.chunk.chunk_id,
            progress,
            self.calls_between_saves,
        )

        def waiting() -> Iterator[SmsRow | _Leaver]:
            yield from rows.calls(progress)
            yield from leaving

        def do(item: SmsRow | _Leaver) -> RowEnd | Removal:
            if isinstance(item, SmsRow):
                return calls.take(item.step, item.number, rows.facts(item))
            return calls.remove(item[1])

        def keep(item: SmsRow | _Leaver, end: RowEnd | Removal) -> None:
            if isinstance(item, SmsRow) and isinstance(end, RowEnd):
                progress.rows[item.position] = end
            elif isinstance(item, tuple) and isinstance(end, Removal):
                progress.removals[item[0]] = end

        row_calls = RowCalls[SmsRow | _Leaver, RowEnd | Removal](
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

    def _give_up_removals(self, rows: SmsRows, progress: Progress, removals: list[_Leaver]) -> None:
        """Who is on the list by now may have come by another file: of a plan that is too old nobody is removed, of a
        late run nobody of whom a newer one speaks."""
        if progress.stale:
            progress.removals |= {position: Removal.GIVEN_UP for position, _ in removals}
        elif removals:
            country, numbers = rows.plan.country, {number for _, number in removals}
            staying = self.superseding.spoken_of(rows.manifest, numbers, lambda key: comparable(key, country))
            left = {position: Removal.GIVEN_UP for position, number in removals if number in staying}
            progress.removals = left | progress.removals
