"""Opt-outs go at once, even while their run waits for its turn; in its turn they go once more, and are counted."""

from __future__ import annotations

from dataclasses import dataclass

from listrak_relay.domain.delivery.sms_numbers import sent_form
from listrak_relay.domain.run.manifest import Chunk, SmsManifest
from listrak_relay.errors import ContactRefusedError
from listrak_relay.ports.listrak_sms import SmsGateway
from listrak_relay.ports.storage import ObjectStore
from listrak_relay.ports.time import TimeLeft
from listrak_relay.use_cases.runs.chunk_content import check_chunk
from listrak_relay.use_cases.runs.chunk_rows import read_chunk
from listrak_relay.use_cases.runs.early_calls import send_early
from listrak_relay.use_cases.sms.targets import find_targets


@dataclass(frozen=True, slots=True)
class EarlySmsOptOuts:
    """``side_by_side``: calls under way at once."""

    store: ObjectStore
    side_by_side: int

    def send(self, manifest: SmsManifest, chunk: Chunk, gateway: SmsGateway, time_left: TimeLeft) -> None:
        """Raises RelayError: not all of them were sent; a repeat does no harm."""
        plan, form = find_targets(gateway, manifest), manifest.destination.phone_format

        def unsubscribe(number: str) -> None:
            try:
                gateway.unsubscribe(plan.sender_code_id, plan.list_id, sent_form(number, form))
            except ContactRefusedError:
                return  # Counted in its turn.

        check_chunk(self.store, chunk)
        numbers = (cells[0] for _, cells in read_chunk(self.store, chunk))
        send_early(numbers, unsubscribe, chunk.rows, self.side_by_side, time_left)
