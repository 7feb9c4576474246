"""`monitor_import` from its ports."""

from __future__ import annotations

from dataclasses import dataclass

from listrak_relay.domain.destinations.destinations import Channel
from listrak_relay.messages import FollowImport
from listrak_relay.ports.listrak_email import EmailGateways
from listrak_relay.ports.listrak_sms import SmsGateways
from listrak_relay.settings.delivering import MonitorSettings
from listrak_relay.use_cases.email.import_end import EmailImports
from listrak_relay.use_cases.monitor_import import MonitorImport
from listrak_relay.use_cases.runs.consuming import Consuming, Delivery
from listrak_relay.use_cases.runs.rejects_file import RejectsFile
from listrak_relay.use_cases.sms.import_end import SmsImports
from listrak_relay.wiring.assembly.common import consuming, open_chunks, settling
from listrak_relay.wiring.assembly.ports import Inbox, RunPorts


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitorImportPorts:
    run: RunPorts
    inbox: Inbox
    email_gateways: EmailGateways
    sms_gateways: SmsGateways


@dataclass(frozen=True, slots=True)
class ImportConsumer:
    """Looks after the imports that the messages of the ImportQueue name."""

    consuming: Consuming
    use_case: MonitorImport

    def consume(self, delivery: Delivery) -> str:
        """See `Consuming.consume`."""
        return self.consuming.consume(delivery, FollowImport, self.use_case.follow)


def import_consumer(ports: MonitorImportPorts, settings: MonitorSettings) -> ImportConsumer:
    run = ports.run
    use_case = MonitorImport(
        ledger=run.ledger,
        open_chunks=open_chunks(run),
        imports={
            Channel.EMAIL: EmailImports(run.ledger, run.store, ports.email_gateways, RejectsFile(run.store)),
            Channel.SMS: SmsImports(run.ledger, run.store, ports.sms_gateways),
        },
        import_queue=ports.inbox.queue,
        settling=settling(run),
        clock=run.clock,
        poll_seconds=settings.follow.poll_seconds,
        deadline=settings.import_deadline,
    )
    return ImportConsumer(consuming(run, ports.inbox, settings.inbox.max_receives), use_case)
