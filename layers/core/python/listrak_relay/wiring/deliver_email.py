"""The parts of `deliver_email`."""

from __future__ import annotations

from functools import cache

from listrak_relay.adapters.aws.clients import client
from listrak_relay.adapters.aws.s3_objects import S3RejectWriter
from listrak_relay.messages import DeliverChunk, Message
from listrak_relay.ports.time import TimeLeft
from listrak_relay.settings import DeliverSettings
from listrak_relay.use_cases.deliver_email import DeliverEmail
from listrak_relay.use_cases.email.by_contact import DeliverContacts
from listrak_relay.use_cases.email.by_import import DeliverImport
from listrak_relay.use_cases.email.prepare import PrepareEmail
from listrak_relay.use_cases.runs.consuming import Consuming, Delivery
from listrak_relay.use_cases.runs.refusing import Refusing
from listrak_relay.use_cases.runs.settling import Settling
from listrak_relay.wiring import aws, listrak


def deliver_email(delivery: Delivery, owner: str, time_left: TimeLeft) -> str:
    """Deliver the chunk that an EmailQueue message points to; see `Consuming.consume`."""
    consuming, use_case = _parts()

    def work(message: Message) -> None:
        if not isinstance(message, DeliverChunk):
            raise listrak.foreign(message)
        use_case.deliver(message, owner, time_left)

    with listrak.measured():
        return consuming.consume(delivery, work)


@cache
def _parts() -> tuple[Consuming, DeliverEmail]:
    settings = DeliverSettings.from_env()
    ledger, store = aws.ledger(settings.aws), aws.store(settings.aws)
    rejects = S3RejectWriter(settings.aws.work_bucket, client("s3"))
    settling = Settling(ledger, aws.queue(settings.close_queue_url))
    use_case = DeliverEmail(
        ledger=ledger,
        store=store,
        gateways=listrak.email_gateways(settings.listrak),
        refusing=Refusing(ledger, store, rejects, settling),
        import_queue=aws.queue(settings.import_queue_url),
        settling=settling,
        prepare=PrepareEmail(ledger, store, settings.import_poll_seconds),
        by_contact=DeliverContacts(store, rejects),
        by_import=DeliverImport(ledger, store, rejects, aws.CLOCK, settings.unknown_outcome_wait),
        small_chunk_rows=settings.small_chunk_rows,
        poll_seconds=settings.import_poll_seconds,
    )
    queue, dead_letters = aws.queue(settings.email_queue_url), aws.queue(settings.email_dead_letter_queue_url)
    return Consuming(queue, dead_letters, settling, settings.max_receives), use_case
