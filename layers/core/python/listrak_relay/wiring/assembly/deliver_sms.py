"""`deliver_sms` from its ports."""

from __future__ import annotations

from typing import NamedTuple

from listrak_relay.ports.listrak_sms import SmsGateways
from listrak_relay.ports.messaging import MessageQueue
from listrak_relay.settings.delivering import DeliverSmsSettings
from listrak_relay.use_cases.deliver_sms import DeliverSms
from listrak_relay.use_cases.lanes.turns import Turns
from listrak_relay.use_cases.runs.refusing import Refusing
from listrak_relay.use_cases.runs.rejects_file import RejectsFile
from listrak_relay.use_cases.sms.chunk_calls import ChunkCalls
from listrak_relay.use_cases.sms.early import EarlySmsOptOuts
from listrak_relay.use_cases.sms.prepare import PrepareSms
from listrak_relay.use_cases.sms.values_import import ValuesImport
from listrak_relay.wiring.assembly.chunks import ConsumeChunk, chunk_consumer
from listrak_relay.wiring.assembly.common import consuming, first_looks, open_chunks, settling, superseding
from listrak_relay.wiring.assembly.ports import Inbox, RunPorts


class DeliverSmsPorts(NamedTuple):
    run: RunPorts
    inbox: Inbox
    import_queue: MessageQueue
    gateways: SmsGateways


def sms_consumer(ports: DeliverSmsPorts, settings: DeliverSmsSettings) -> ConsumeChunk:
    run, poll_seconds = ports.run, settings.follow.poll_seconds
    # The last delivery is for the run that goes on without what cannot be read.
    read_attempts = settings.inbox.max_receives - 1
    rejects = RejectsFile(run.store)
    newer_runs = superseding(run)
    use_case = DeliverSms(
        store=run.store,
        open_chunks=open_chunks(run),
        first_looks=first_looks(run, settings.follow),
        turns=Turns(run.ledger, run.lanes, run.clock, settings.turn_limit, poll_seconds),
        early=EarlySmsOptOuts(run.store, settings.connections),
        superseding=newer_runs,
        gateways=ports.gateways,
        rejects=rejects,
        import_queue=ports.import_queue,
        settling=settling(run),
        refusing=Refusing(run.ledger, run.store, rejects, settling(run)),
        prepare=PrepareSms(run.ledger, run.store, run.clock, poll_seconds, settings.connections, read_attempts),
        clock=run.clock,
        calls=ChunkCalls(
            ledger=run.ledger,
            store=run.store,
            clock=run.clock,
            superseding=newer_runs,
            side_by_side=settings.connections,
            calls_between_saves=settings.calls_between_saves,
        ),
        values=ValuesImport(ledger=run.ledger, clock=run.clock, max_attempts=settings.max_import_attempts),
    )
    return chunk_consumer(consuming(run, ports.inbox, settings.inbox.max_receives), use_case)
