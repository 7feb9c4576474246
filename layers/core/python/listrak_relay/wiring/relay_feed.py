"""`relay_feed` over AWS and an SFTP server."""

from __future__ import annotations

from functools import cache

from listrak_relay.adapters.aws.clients import client
from listrak_relay.adapters.aws.destinations_file import S3DestinationBook
from listrak_relay.adapters.aws.secrets import SecretsManagerStore
from listrak_relay.adapters.sftp.accounts import SftpAccounts
from listrak_relay.ports.time import TimeLeft
from listrak_relay.settings.delivering import RelayFeedSettings
from listrak_relay.use_cases.runs.consuming import ReceivedMessage
from listrak_relay.wiring import aws
from listrak_relay.wiring.assembly.chunks import ConsumeChunk
from listrak_relay.wiring.assembly.relay_feed import RelayFeedPorts, feed_consumer


def relay_feed(delivery: ReceivedMessage, owner: str, time_left: TimeLeft) -> str:
    """Send the file that a FeedQueue message points to; see `Consuming.consume`."""
    return _consumer()(delivery, owner, time_left)


@cache
def _consumer() -> ConsumeChunk:
    settings = RelayFeedSettings.from_env()
    ports = RelayFeedPorts(
        run=aws.run_ports(settings.aws),
        inbox=aws.inbox(settings.inbox),
        book=S3DestinationBook(settings.aws.work_bucket, client("s3"), aws.CLOCK),
        gateways=SftpAccounts(SecretsManagerStore(client("secretsmanager")), settings.sftp_secret),
    )
    return feed_consumer(ports, settings)
