"""The AWS side, the same for every function."""

from __future__ import annotations

from listrak_relay.adapters.aws.clients import client
from listrak_relay.adapters.aws.dynamodb_drops import DynamoDbDrops
from listrak_relay.adapters.aws.dynamodb_ledger import DynamoDbLedger
from listrak_relay.adapters.aws.s3_objects import S3ObjectStore
from listrak_relay.adapters.aws.sqs_queue import SqsQueue
from listrak_relay.adapters.clock import SystemClock
from listrak_relay.domain.destinations.destinations import Channel
from listrak_relay.ports.messaging import MessageQueue
from listrak_relay.settings import AwsSettings

CLOCK = SystemClock()


def ledger(settings: AwsSettings) -> DynamoDbLedger:
    return DynamoDbLedger(settings.ledger_table, client("dynamodb"), CLOCK, settings.ledger_retention_days)


def store(settings: AwsSettings) -> S3ObjectStore:
    return S3ObjectStore(settings.work_bucket, client("s3"))


def drop_record(settings: AwsSettings) -> DynamoDbDrops:
    return DynamoDbDrops(settings.ledger_table, client("dynamodb"), settings.ledger_retention_days)


def queue(url: str) -> SqsQueue:
    return SqsQueue(url, client("sqs"))


def delivery_queues(email: str, sms: str, feeds: str) -> dict[Channel, MessageQueue]:
    """Where the chunks of each channel wait, from the addresses."""
    return {Channel.EMAIL: queue(email), Channel.SMS: queue(sms), Channel.SFTP: queue(feeds)}
