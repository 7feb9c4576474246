"""`deliver_email` from its ports."""

from __future__ import annotations

from typing import NamedTuple

from listrak_relay.ports.listrak_email import EmailGateways
from listrak_relay.ports.messaging import MessageQueue
from listrak_relay.ports.time import Pause
from listrak_relay.settings.delivering import DeliverEmailSettings
from listrak_relay.use_cases.deliver_email import DeliverEmail
from listrak_relay.use_cases.email.by_contact import DeliverContacts
from listrak_relay.use_cases.email.by_import import DeliverImport
from listrak_relay.use_cases.email.early import EarlyOptOuts
from listrak_relay.use_cases.email.leavers import Leavers
from listrak_relay.use_cases.email.prepare import PrepareEmail
from listrak_relay.use_cases.email.staying import Staying
from listrak_relay.use_cases.lanes.turns import Turns
from listrak_relay.use_cases.runs.refusing import Refusing
from listrak_relay.use_cases.runs.rejects_file import RejectsFile
from listrak_relay.use_cases.runs.waiting import waiting_seconds
from listrak_relay.wiring.assembly.chunks import ConsumeChunk, chunk_consumer
from listrak_relay.wiring.assembly.common import consuming, first_looks, open_chunks, settling, superseding
from listrak_relay.wiring.assembly.ports import Inbox, RunPorts


class DeliverEmailPorts(NamedTuple):
    run: RunPorts
    inbox: Inbox
    import_queue: MessageQueue
    gateways: EmailGateways
    pause: Pause


def email_consumer(ports: DeliverEmailPorts, settings: DeliverEmailSettings) -> ConsumeChunk:
    run, poll_seconds = ports.run, settings.follow.poll_seconds
    rejects = RejectsFile(run.store)
    leavers = Leavers(
        ledger=run.ledger,
        store=run.store,
        clock=run.clock,
        superseding=superseding(run),
        wait=waiting_seconds(poll_seconds),
        deadline=settings.import_deadline,
        max_attempts=settings.max_import_attempts,
    )
    use_case = DeliverEmail(
        open_chunks=open_chunks(run),
        first_looks=first_looks(run, settings.follow),
        turns=Turns(run.ledger, run.lanes, run.clock, settings.turn_limit, poll_seconds),
        early=EarlyOptOuts(run.store, settings.small_chunk_rows),
        gateways=ports.gateways,
        refusing=Refusing(run.ledger, run.store, rejects, settling(run)),
        import_queue=ports.import_queue,
        settling=settling(run),
        prepare=PrepareEmail(
            ledger=run.ledger,
            pause=ports.pause,
            leavers=leavers,
            staying=Staying(run.store, settings.mirror_contacts),
            superseding=superseding(run),
            poll_seconds=poll_seconds,
            most_leavers_bytes=settings.most_leavers_bytes,
            leavers_in_memory=settings.leavers_in_memory,
        ),
        leavers=leavers,
        by_contact=DeliverContacts(run.store, rejects, superseding(run), run.clock),
        by_import=DeliverImport(
            ledger=run.ledger,
            store=run.store,
            rejects=rejects,
            superseding=superseding(run),
            clock=run.clock,
            outcome_wait=settings.unknown_outcome_wait,
            max_attempts=settings.max_import_attempts,
        ),
        small_chunk_rows=settings.small_chunk_rows,
        poll_seconds=poll_seconds,
    )
    return chunk_consumer(consuming(run, ports.inbox, settings.inbox.max_receives), use_case)
