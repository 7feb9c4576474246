"""Delivers a chunk contact by contact: small chunks, and what an import cannot do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from operator import itemgetter

from listrak_relay.domain.consent.statements import DETAILS, NOT_ASKED
from listrak_relay.domain.delivery.email_plan import EmailPlan
from listrak_relay.domain.delivery.email_results import NOT_ON_LIST, PREVIOUSLY_UNSUBSCRIBED, STATE_UNKNOWN
from listrak_relay.domain.destinations.choices import UnknownOptOuts
from listrak_relay.domain.run.manifest import AUDIENCE_MARK, CLEARED, Action, Chunk, EmailManifest
from listrak_relay.domain.run.rejects import Reject, RejectOutcome
from listrak_relay.domain.run.row_ends import FAILED_ALONE, End, RowEnd
from listrak_relay.domain.run.runs import ChunkOutcome, Tally
from listrak_relay.errors import ContactRefusedError
from listrak_relay.ports.listrak_email import CALLS_AT_ONCE, EmailGateway
from listrak_relay.ports.storage import ObjectStore
from listrak_relay.ports.time import Clock, TimeLeft
from listrak_relay.use_cases.lanes.superseding import Superseding
from listrak_relay.use_cases.runs.chunk_content import check_chunk
from listrak_relay.use_cases.runs.chunk_rows import ChunkRow, checked_rows, dropped_record, final_answer
from listrak_relay.use_cases.runs.progress import Checkpoints, ProgressStore
from listrak_relay.use_cases.runs.rejects_file import RejectsFile
from listrak_relay.use_cases.runs.row_calls import RowCalls

_CALLS_BETWEEN_SAVES = 1_000

Item = tuple[int, ChunkRow]
"""A row with its position in the chunk, from 0."""

_SENT = RowEnd(End.ACCEPTED, "sent")


@dataclass(frozen=True, slots=True)
class DeliverContacts:
    """Repeating a chunk gives the same final state, since each call says what is to be, not what is to change; but
    after trouble only those are sent again whose calls have not come through."""

    store: ObjectStore
    rejects: RejectsFile
    superseding: Superseding
    clock: Clock

    def deliver(
        self,
        manifest: EmailManifest,
        plan: EmailPlan,
        chunk: Chunk,
        gateway: EmailGateway,
        time_left: TimeLeft,
    ) -> ChunkOutcome:
        """Send every row and write the chunk's part of the rejects.

        Raises:
            UnfinishedError: some came through; the rest is to be handed on.
            RetryableError: none did.
            ConfigurationError: the chunk is not what ingest wrote, in which case nothing of it was sent, or Listrak
                does not take what all its rows are sent with.
        """
        check_chunk(self.store, chunk)
        verdicts = self.superseding.judge(manifest, chunk)
        saved = ProgressStore(self.store)
        progress = saved.load(manifest.run_id, chunk.chunk_id)
        checkpoints = Checkpoints(saved, self.clock, manifest.run_id, chunk.chunk_id, progress, _CALLS_BETWEEN_SAVES)
        turned_away: dict[int, Reject] = {}

        def line(row: ChunkRow | Reject, end: RowEnd) -> Reject:
            record = row.record if isinstance(row, Reject) else dropped_record(manifest.columns, row.cells)
            return Reject(row.row, RejectOutcome(end.end.value), end.reason, "", end.words, record)

        def waiting() -> Iterator[Item]:
            rows = checked_rows(self.store, manifest, plan.fields, chunk, verdicts)
            for position, row in enumerate(rows):
                end = progress.rows.get(position)
                if end and end.end is not End.ACCEPTED:
                    turned_away[position] = line(row, end)
                elif end is None and isinstance(row, Reject):
                    turned_away[position] = row
                elif end is None and isinstance(row, ChunkRow):
                    yield position, row

        def keep(item: Item, end: RowEnd) -> None:
            position, row = item
            progress.rows[position] = end
            if end.end is not End.ACCEPTED:
                turned_away[position] = line(row, end)

        calls = RowCalls[Item, RowEnd](
            checkpoints=checkpoints, rows=chunk.rows, width=CALLS_AT_ONCE, time_left=time_left, place=itemgetter(0)
        )
        calls.make(
            waiting,
            lambda item: _send(manifest, plan, chunk.action, gateway, item[1]),
            keep,
            lambda item: keep(item, FAILED_ALONE),
        )
        self.rejects.write(manifest.run_id, chunk.chunk_id, (turned_away[position] for position in sorted(turned_away)))
        outcomes = Counter(reject.outcome for reject in turned_away.values())
        tally = Tally(
            accepted=chunk.rows - len(turned_away),
            refused=outcomes[RejectOutcome.REFUSED],
            rejected=outcomes[RejectOutcome.REJECTED],
            skipped=outcomes[RejectOutcome.SKIPPED],
            dead_lettered=outcomes[RejectOutcome.DEAD_LETTERED],
        )
        return ChunkOutcome(tally, dict(Counter(reject.reason for reject in turned_away.values())))


def _send(manifest: EmailManifest, plan: EmailPlan, action: Action, gateway: EmailGateway, row: ChunkRow) -> RowEnd:
    try:
        # Without an override Listrak answers 201 for a person who unsubscribed and leaves the state alone, so only
        # asking first tells whether the row was skipped.
        if action is not Action.SUBSCRIBE or not manifest.destination.resubscribe:
            contact = gateway.contact(plan.list_id, row.contact)
            if action is Action.KEEP and not (contact and contact.subscribed):
                return _left_alone(NOT_ASKED, DETAILS[NOT_ASKED])
            if contact is None and action is Action.UNSUBSCRIBE and _is_recorded(manifest, plan, gateway, row):
                return _SENT
            if contact is None and action is not Action.SUBSCRIBE:
                return _left_alone(NOT_ON_LIST, "the list does not know this address")
            unsubscribing = action is Action.UNSUBSCRIBE
            if contact and contact.subscribed is False:
                return _SENT if unsubscribing else _left_alone(PREVIOUSLY_UNSUBSCRIBED, "has unsubscribed")
            # A no is sent in doubt, and nothing else is.
            if contact and contact.subscribed is None and not unsubscribing:
                why = "Listrak says neither that they are subscribed nor not"
                return RowEnd(End.REFUSED, STATE_UNKNOWN, why)
        _save(manifest, plan, action, gateway, row)
    except ContactRefusedError as error:
        return RowEnd(End.REFUSED, error.code, final_answer(error.words))
    return _left_alone(NOT_ASKED, DETAILS[NOT_ASKED]) if action is Action.KEEP else _SENT


def _is_recorded(manifest: EmailManifest, plan: EmailPlan, gateway: EmailGateway, row: ChunkRow) -> bool:
    """Whether Listrak now keeps somebody as unsubscribed whom the list did not know. Its documents leave open whether
    it does; to subscribe them first would be to do what they said no to."""
    if manifest.destination.unknown_opt_outs is not UnknownOptOuts.RECORD:
        return False
    try:
        gateway.save_contact(plan.list_id, row.contact, subscribed=False, values={})
    except ContactRefusedError:
        return False
    return True


def _left_alone(reason: str, why: str) -> RowEnd:
    return RowEnd(End.SKIPPED, reason, f"{why}; left alone")


def _save(manifest: EmailManifest, plan: EmailPlan, action: Action, gateway: EmailGateway, row: ChunkRow) -> None:
    destination = manifest.destination
    if action is Action.UNSUBSCRIBE:
        gateway.save_contact(plan.list_id, row.contact, subscribed=False, values={})
        return
    sent = zip(plan.fields, row.values, strict=True)
    values = {field.field_id: "" if value == CLEARED else value for field, value in sent if value}
    subscribing = action is Action.SUBSCRIBE
    gateway.save_contact(
        plan.list_id,
        row.contact,
        subscribed=True if subscribing else None,
        values=values | ({plan.audience_field_id: AUDIENCE_MARK} if row.marked else {}),
        override_unsubscribe=destination.resubscribe and subscribing,
        event_ids=destination.event_ids,
        send_double_opt_in=destination.send_double_opt_in and subscribing,
    )
