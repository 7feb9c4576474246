"""The parts of `monitor_import`."""

from __future__ import annotations

from functools import cache

from listrak_relay.adapters.aws.clients import client
from listrak_relay.adapters.aws.s3_objects import S3RejectWriter
from listrak_relay.domain.destinations.destinations import Channel
from listrak_relay.messages import FollowImport, Message
from listrak_relay.settings import MonitorSettings
from listrak_relay.use_cases.email.import_end import EmailImports
from listrak_relay.use_cases.monitor_import import MonitorImport
from listrak_relay.use_cases.runs.consuming import Consuming, Delivery
from listrak_relay.use_cases.runs.settling import Settling
from listrak_relay.use_cases.sms.import_end import SmsImports
from listrak_relay.wiring import aws, listrak


def monitor_import(delivery: Delivery) -> str:
    """Look after the import that an ImportQueue message names; see `Consuming.consume`."""
    consuming, use_case = _parts()

    def work(message: Message) -> None:
        if not isinstance(message, FollowImport):
            raise listrak.foreign(message)
        use_case.follow(message)

    with listrak.measured():
        return consuming.consume(delivery, work)


@cache
def _parts() -> tuple[Consuming, MonitorImport]:
    settings = MonitorSettings.from_env()
    ledger, store = aws.ledger(settings.aws), aws.store(settings.aws)
    settling = Settling(ledger, aws.queue(settings.close_queue_url))
    queue = aws.queue(settings.import_queue_url)
    use_case = MonitorImport(
        ledger=ledger,
        store=store,
        imports={
            Channel.EMAIL: EmailImports(
                store,
                listrak.email_gateways(settings.email),
                S3RejectWriter(settings.aws.work_bucket, client("s3")),
            ),
            Channel.SMS: SmsImports(store, listrak.sms_gateways(settings.sms, settings.aws.ledger_table)),
        },
        import_queue=queue,
        settling=settling,
        clock=aws.CLOCK,
        poll_seconds=settings.import_poll_seconds,
        deadline=settings.import_deadline,
    )
    dead_letters = aws.queue(settings.import_dead_letter_queue_url)
    return Consuming(queue, dead_letters, settling, settings.max_receives), use_case
