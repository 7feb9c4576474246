"""`deliver_sms` from its ports."""

from __future__ import annotations

from dataclasses import dataclass

from listrak_relay.ports.listrak_sms import SmsGateways
from listrak_relay.ports.messaging import MessageQueue
from listrak_relay.settings.delivering import DeliverSmsSettings
from listrak_relay.use_cases.deliver_sms import DeliverSms
from listrak_relay.use_cases.runs.rejects_file import RejectsFile
from listrak_relay.use_cases.sms.prepare import PrepareSms
from listrak_relay.wiring.assembly.common import ChunkConsumer, consuming, open_chunks, refusing, settling
from listrak_relay.wiring.assembly.ports import Inbox, RunPorts


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverSmsPorts:
    run: RunPorts
    inbox: Inbox
    import_queue: MessageQueue
    gateways: SmsGateways


def sms_consumer(ports: DeliverSmsPorts, settings: DeliverSmsSettings) -> ChunkConsumer:
    run, poll_seconds = ports.run, settings.follow.poll_seconds
    use_case = DeliverSms(
        ledger=run.ledger,
        store=run.store,
        open_chunks=open_chunks(run),
        gateways=ports.gateways,
        rejects=RejectsFile(run.store),
        import_queue=ports.import_queue,
        settling=settling(run),
        refusing=refusing(run),
        prepare=PrepareSms(run.ledger, run.store, run.clock, poll_seconds),
        clock=run.clock,
        side_by_side=settings.connections,
        poll_seconds=poll_seconds,
        calls_between_saves=settings.calls_between_saves,
    )
    return ChunkConsumer(consuming(run, ports.inbox, settings.inbox.max_receives), use_case)
