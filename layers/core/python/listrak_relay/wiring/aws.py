"""The AWS side, the same for every function."""

from __future__ import annotations

from listrak_relay.adapters.aws.clients import client
from listrak_relay.adapters.aws.dynamodb_drops import DynamoDbDrops
from listrak_relay.adapters.aws.dynamodb_import_paces import DynamoDbImportPaces
from listrak_relay.adapters.aws.dynamodb_lanes import DynamoDbLanes
from listrak_relay.adapters.aws.dynamodb_ledger import DynamoDbLedger
from listrak_relay.adapters.aws.dynamodb_pauses import DynamoDbPauses
from listrak_relay.adapters.aws.dynamodb_usage import DynamoDbUsage
from listrak_relay.adapters.aws.person_hashes import SecretPersonHashes
from listrak_relay.adapters.aws.s3_objects import S3ObjectStore
from listrak_relay.adapters.aws.secrets import SecretsManagerStore
from listrak_relay.adapters.aws.sqs_queue import SqsQueue
from listrak_relay.adapters.clock import SystemClock
from listrak_relay.domain.destinations.choices import Channel
from listrak_relay.settings.shared import AwsSettings, ChunkQueueSettings, InboxSettings
from listrak_relay.wiring.assembly.ports import ChunkQueues, Inbox, RunPorts

CLOCK = SystemClock()


def run_ports(settings: AwsSettings) -> RunPorts:
    table, retention_days = settings.ledger_table, settings.ledger_retention_days
    return RunPorts(
        ledger=DynamoDbLedger(table, client("dynamodb"), CLOCK, retention_days=retention_days),
        lanes=DynamoDbLanes(table, client("dynamodb"), CLOCK, retention_days=retention_days),
        pauses=DynamoDbPauses(table, client("dynamodb")),
        import_paces=DynamoDbImportPaces(table, client("dynamodb"), CLOCK, retention_days),
        store=S3ObjectStore(settings.work_bucket, client("s3")),
        person_hashes=SecretPersonHashes(settings.opt_out_key_secret, SecretsManagerStore(client("secretsmanager"))),
        clock=CLOCK,
        close_queue=queue(settings.close_queue_url),
    )


def usage_record(settings: AwsSettings) -> DynamoDbUsage:
    return DynamoDbUsage(settings.ledger_table, client("dynamodb"), CLOCK, settings.ledger_retention_days)


def drop_record(settings: AwsSettings) -> DynamoDbDrops:
    return DynamoDbDrops(settings.ledger_table, client("dynamodb"), settings.ledger_retention_days)


def queue(url: str) -> SqsQueue:
    return SqsQueue(url, client("sqs"))


def inbox(settings: InboxSettings) -> Inbox:
    return Inbox(queue=queue(settings.queue_url), dead_letters=queue(settings.dead_letter_queue_url))


def chunk_queues(settings: ChunkQueueSettings) -> ChunkQueues:
    """Of the channels whose queue the function knows."""
    urls = {Channel.EMAIL: settings.email_url, Channel.SMS: settings.sms_url, Channel.SFTP: settings.feed_url}
    return {channel: queue(url) for channel, url in urls.items() if url}
