"""`monitor_import` from its ports."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from listrak_relay.domain.destinations.choices import Channel
from listrak_relay.messages import FollowImport
from listrak_relay.ports.listrak_email import EmailGateways
from listrak_relay.ports.listrak_sms import SmsGateways
from listrak_relay.ports.time import TimeLeft
from listrak_relay.settings.delivering import MonitorSettings
from listrak_relay.use_cases.email.import_end import EmailImports
from listrak_relay.use_cases.email.saying_again import SINGLE_CALLS, SayingAgain
from listrak_relay.use_cases.lanes.since import SaidSince
from listrak_relay.use_cases.monitor_import import MonitorImport
from listrak_relay.use_cases.runs.consuming import ReceivedMessage
from listrak_relay.use_cases.runs.rejects_file import RejectsFile
from listrak_relay.use_cases.sms.import_end import SmsImports
from listrak_relay.wiring.assembly.common import consuming, first_looks, open_chunks, settling, superseding
from listrak_relay.wiring.assembly.ports import Inbox, RunPorts

ConsumeImport = Callable[[ReceivedMessage, TimeLeft], str]
"""Looks after the import that a message names; see `Consuming.consume`."""


class MonitorImportPorts(NamedTuple):
    run: RunPorts
    inbox: Inbox
    email_gateways: EmailGateways
    sms_gateways: SmsGateways


def import_consumer(
    ports: MonitorImportPorts, settings: MonitorSettings, *, single_calls: int = SINGLE_CALLS
) -> ConsumeImport:
    run = ports.run
    newer = superseding(run)
    again = SayingAgain(SaidSince(run.ledger, run.store, newer), single_calls)
    use_case = MonitorImport(
        ledger=run.ledger,
        store=run.store,
        open_chunks=open_chunks(run),
        first_looks=first_looks(run, settings.follow),
        imports={
            Channel.EMAIL: EmailImports(
                run.ledger, run.store, ports.email_gateways, RejectsFile(run.store), newer, again
            ),
            Channel.SMS: SmsImports(run.ledger, run.store, ports.sms_gateways, newer),
        },
        import_queue=ports.inbox.queue,
        settling=settling(run),
        clock=run.clock,
        poll_seconds=settings.follow.poll_seconds,
        deadline=settings.import_deadline,
    )
    messages = consuming(run, ports.inbox, settings.inbox.max_receives)

    def consume(delivery: ReceivedMessage, time_left: TimeLeft) -> str:
        return messages.consume(delivery, FollowImport, lambda message: use_case.follow(message, time_left))

    return consume
