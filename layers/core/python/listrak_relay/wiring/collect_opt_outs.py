"""`collect_opt_outs` over AWS and Listrak."""

from __future__ import annotations

from functools import cache

from listrak_relay.adapters.aws.clients import client
from listrak_relay.adapters.aws.destinations_file import S3DestinationBook
from listrak_relay.adapters.aws.dynamodb_collected import DynamoDbCollected
from listrak_relay.adapters.aws.dynamodb_drops import DynamoDbDrops
from listrak_relay.adapters.aws.s3_objects import S3ObjectStore
from listrak_relay.adapters.listrak.email import ListrakEmail
from listrak_relay.adapters.listrak.sms import ListrakSms
from listrak_relay.ports.time import TimeLeft
from listrak_relay.settings.ending import CollectSettings
from listrak_relay.use_cases.collect_opt_outs import CollectOptOuts
from listrak_relay.wiring import listrak
from listrak_relay.wiring.aws import CLOCK


def collect_opt_outs(time_left: TimeLeft) -> dict[str, int]:
    """See `CollectOptOuts.collect`."""
    with listrak.measured():
        return _collecting().collect(time_left)


@cache
def _collecting() -> CollectOptOuts:
    settings = CollectSettings.from_env()
    table, days = settings.ledger_table, settings.ledger_retention_days
    sms_pace = listrak.sms_pace(table, settings.calls_per_second)
    return CollectOptOuts(
        book=S3DestinationBook(settings.work_bucket, client("s3"), CLOCK),
        drops=DynamoDbDrops(table, client("dynamodb"), days),
        collected=DynamoDbCollected(table, client("dynamodb"), days),
        email=listrak.gateways(ListrakEmail, settings.email, pace_for=listrak.email_pace),
        sms=listrak.gateways(ListrakSms, settings.sms, settings.connections, sms_pace),
        home=S3ObjectStore(settings.opt_out_bucket, client("s3")),
        work=S3ObjectStore(settings.work_bucket, client("s3")),
        clock=CLOCK,
        kept_days=settings.kept_days,
        connections=settings.connections,
    )
