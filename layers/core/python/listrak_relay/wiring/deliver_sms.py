"""The parts of `deliver_sms`."""

from __future__ import annotations

from functools import cache

from listrak_relay.adapters.aws.clients import client
from listrak_relay.adapters.aws.s3_objects import S3RejectWriter
from listrak_relay.messages import DeliverChunk, Message
from listrak_relay.ports.time import TimeLeft
from listrak_relay.settings import DeliverSmsSettings
from listrak_relay.use_cases.deliver_sms import DeliverSms
from listrak_relay.use_cases.runs.consuming import Consuming, Delivery
from listrak_relay.use_cases.runs.refusing import Refusing
from listrak_relay.use_cases.runs.settling import Settling
from listrak_relay.use_cases.sms.prepare import PrepareSms
from listrak_relay.wiring import aws, listrak


def deliver_sms(delivery: Delivery, owner: str, time_left: TimeLeft) -> str:
    """Deliver the chunk that an SmsQueue message points to; see `Consuming.consume`."""
    consuming, use_case = _parts()

    def work(message: Message) -> None:
        if not isinstance(message, DeliverChunk):
            raise listrak.foreign(message)
        use_case.deliver(message, owner, time_left)

    with listrak.measured():
        return consuming.consume(delivery, work)


@cache
def _parts() -> tuple[Consuming, DeliverSms]:
    settings = DeliverSmsSettings.from_env()
    ledger, store = aws.ledger(settings.aws), aws.store(settings.aws)
    rejects = S3RejectWriter(settings.aws.work_bucket, client("s3"))
    settling = Settling(ledger, aws.queue(settings.close_queue_url))
    use_case = DeliverSms(
        ledger=ledger,
        store=store,
        gateways=listrak.sms_gateways(
            settings.listrak, settings.aws.ledger_table, settings.connections, settings.calls_per_second
        ),
        rejects=rejects,
        import_queue=aws.queue(settings.import_queue_url),
        settling=settling,
        refusing=Refusing(ledger, store, rejects, settling),
        prepare=PrepareSms(ledger, store, aws.CLOCK, settings.import_poll_seconds),
        clock=aws.CLOCK,
        side_by_side=settings.connections,
        poll_seconds=settings.import_poll_seconds,
    )
    queue, dead_letters = aws.queue(settings.sms_queue_url), aws.queue(settings.sms_dead_letter_queue_url)
    return Consuming(queue, dead_letters, settling, settings.max_receives), use_case
