"""Delivers a chunk contact by contact: small chunks, and what an import cannot do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice

from listrak_relay.domain.consent.statements import DETAILS, NOT_ASKED
from listrak_relay.domain.delivery.email_plan import EmailPlan
from listrak_relay.domain.delivery.email_results import NOT_ON_LIST, PREVIOUSLY_UNSUBSCRIBED, STATE_UNKNOWN
from listrak_relay.domain.destinations.choices import UnknownOptOuts
from listrak_relay.domain.run.manifest import AUDIENCE_MARK, CLEARED, Action, Chunk, EmailManifest
from listrak_relay.domain.run.rejects import Reject, RejectOutcome
from listrak_relay.domain.run.runs import ChunkOutcome, Tally
from listrak_relay.errors import ContactRefusedError, RetryableError
from listrak_relay.ports.listrak_email import CALLS_AT_ONCE, EmailGateway
from listrak_relay.ports.storage import ObjectStore
from listrak_relay.ports.time import TimeLeft
from listrak_relay.use_cases.lanes.superseding import Superseding
from listrak_relay.use_cases.runs.chunk_content import check_chunk
from listrak_relay.use_cases.runs.chunk_rows import ChunkRow, checked_rows, dropped_record, final_answer
from listrak_relay.use_cases.runs.rejects_file import RejectsFile
from listrak_relay.use_cases.runs.stopping import must_stop


@dataclass(frozen=True, slots=True)
class DeliverContacts:
    """Repeating a chunk gives the same final state, since each call says what is to be, not what is to change."""

    store: ObjectStore
    rejects: RejectsFile
    superseding: Superseding

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
            RetryableError: also when the time runs out; the whole chunk is to be delivered again.
            ConfigurationError: the chunk is not what ingest wrote; nothing of it was sent.
        """

        def send(row: ChunkRow | Reject) -> Reject | None:
            if isinstance(row, Reject):
                return row
            if must_stop(time_left):
                raise RetryableError("the time ran out before every contact was sent; the chunk starts again")
            return _send(manifest, plan, chunk.action, gateway, row)

        check_chunk(self.store, chunk)
        verdicts = self.superseding.judge(manifest, chunk)
        rows = checked_rows(self.store, manifest, plan.fields, chunk, verdicts)
        turned_away: list[Reject] = []
        with ThreadPoolExecutor(CALLS_AT_ONCE) as threads:
            for group in _groups(rows, CALLS_AT_ONCE * 4):
                turned_away += [reject for reject in threads.map(send, group) if reject]
        self.rejects.write(manifest.run_id, chunk.chunk_id, turned_away)
        outcomes = Counter(reject.outcome for reject in turned_away)
        tally = Tally(
            accepted=chunk.rows - len(turned_away),
            refused=outcomes[RejectOutcome.REFUSED],
            rejected=outcomes[RejectOutcome.REJECTED],
            skipped=outcomes[RejectOutcome.SKIPPED],
        )
        return ChunkOutcome(tally, dict(Counter(reject.reason for reject in turned_away)))


def _groups(items: Iterable[ChunkRow | Reject], size: int) -> Iterator[list[ChunkRow | Reject]]:
    iterator = iter(items)
    while group := list(islice(iterator, size)):
        yield group


def _send(
    manifest: EmailManifest, plan: EmailPlan, action: Action, gateway: EmailGateway, row: ChunkRow
) -> Reject | None:
    try:
        # Without an override Listrak answers 201 for a person who unsubscribed and leaves the state alone, so only
        # asking first tells whether the row was skipped.
        if action is not Action.SUBSCRIBE or not manifest.destination.resubscribe:
            contact = gateway.contact(plan.list_id, row.contact)
            if action is Action.KEEP and not (contact and contact.subscribed):
                return _left_alone(manifest, row, NOT_ASKED, DETAILS[NOT_ASKED])
            if contact is None and action is Action.UNSUBSCRIBE and _is_recorded(manifest, plan, gateway, row):
                return None
            if contact is None and action is not Action.SUBSCRIBE:
                return _left_alone(manifest, row, NOT_ON_LIST, "the list does not know this address")
            unsubscribing = action is Action.UNSUBSCRIBE
            if contact and contact.subscribed is False:
                return (
                    None if unsubscribing else _left_alone(manifest, row, PREVIOUSLY_UNSUBSCRIBED, "has unsubscribed")
                )
            # A no is sent in doubt, and nothing else is.
            if contact and contact.subscribed is None and not unsubscribing:
                return _refused(manifest, row, STATE_UNKNOWN, "Listrak says neither that they are subscribed nor not")
        _save(manifest, plan, action, gateway, row)
    except ContactRefusedError as error:
        return _refused(manifest, row, error.code, final_answer(error.words))
    return _left_alone(manifest, row, NOT_ASKED, DETAILS[NOT_ASKED]) if action is Action.KEEP else None


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


def _refused(manifest: EmailManifest, row: ChunkRow, reason: str, detail: str) -> Reject:
    record = dropped_record(manifest.columns, row.cells)
    return Reject(row.row, RejectOutcome.REFUSED, reason, "", detail, record)


def _left_alone(manifest: EmailManifest, row: ChunkRow, reason: str, why: str) -> Reject:
    record = dropped_record(manifest.columns, row.cells)
    return Reject(row.row, RejectOutcome.SKIPPED, reason, "", f"{why}; left alone", record)


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
