"""Opt-outs go at once, even while their run waits for its turn; in its turn they go once more, and are counted."""

from __future__ import annotations

from dataclasses import dataclass

from listrak_relay.domain.lanes.lane import dropped_seconds
from listrak_relay.domain.run.manifest import Action, Chunk, EmailManifest
from listrak_relay.errors import ContactRefusedError, OutcomeUnknownError
from listrak_relay.ports.listrak_email import CALLS_AT_ONCE, EmailGateway, ImportOrder
from listrak_relay.ports.storage import ObjectStore
from listrak_relay.ports.time import TimeLeft
from listrak_relay.use_cases.email.fields import find_list
from listrak_relay.use_cases.runs.chunk_content import check_chunk, open_chunk
from listrak_relay.use_cases.runs.chunk_rows import read_chunk
from listrak_relay.use_cases.runs.early_calls import send_early
from listrak_relay.use_cases.runs.import_names import CLOCK_TOLERANCE_SECONDS, early_import_file_name


@dataclass(frozen=True, slots=True)
class EarlyOptOuts:
    """``small_chunk_rows``: with fewer rows a chunk goes contact by contact."""

    store: ObjectStore
    small_chunk_rows: int

    def send(self, manifest: EmailManifest, chunk: Chunk, gateway: EmailGateway, time_left: TimeLeft) -> None:
        """Raises RelayError: not all of them were sent; a repeat does no harm."""
        list_id = find_list(gateway.lists(), manifest.destination.list_name).list_id
        if chunk.rows < self.small_chunk_rows:
            check_chunk(self.store, chunk)
            contacts = (cells[0] for _, cells in read_chunk(self.store, chunk))

            def unsubscribe(contact: str) -> None:
                _unsubscribe(gateway, list_id, contact)

            send_early(contacts, unsubscribe, chunk.rows, CALLS_AT_ONCE, time_left)
            return
        order = ImportOrder(early_import_file_name(manifest.run_id, chunk.chunk_id), Action.UNSUBSCRIBE, (), False)
        try:
            with open_chunk(self.store, chunk) as body:
                gateway.start_import(list_id, order, chunk.size, body)
        except OutcomeUnknownError:
            return  # In its turn the chunk goes again.

    def has_ended(self, manifest: EmailManifest, chunk: Chunk, gateway: EmailGateway) -> bool:
        """Whether nothing of what `send` began is still to come: it would undo a yes of a file that waits for this
        one."""
        if chunk.rows < self.small_chunk_rows:
            return True
        list_id = find_list(gateway.lists(), manifest.destination.list_name).list_id
        name = early_import_file_name(manifest.run_id, chunk.chunk_id)
        begun = gateway.find_import(list_id, name, dropped_seconds(manifest.source) - CLOCK_TOLERANCE_SECONDS)
        return begun is None or gateway.import_status(list_id, begun).finished


def _unsubscribe(gateway: EmailGateway, list_id: int, contact: str) -> None:
    try:
        known = gateway.contact(list_id, contact)
        if known and known.subscribed is not False:
            gateway.save_contact(list_id, contact, subscribed=False, values={})
    except ContactRefusedError:
        return  # Counted in its turn.
