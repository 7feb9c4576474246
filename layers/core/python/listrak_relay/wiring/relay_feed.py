"""The parts of `relay_feed`."""

from __future__ import annotations

from functools import cache

from listrak_relay.adapters.aws.clients import client
from listrak_relay.adapters.aws.destinations_file import S3DestinationBook
from listrak_relay.adapters.aws.secrets import SecretsManagerStore
from listrak_relay.adapters.sftp.accounts import SftpAccounts
from listrak_relay.errors import ConfigurationError
from listrak_relay.messages import DeliverChunk, Message
from listrak_relay.ports.time import TimeLeft
from listrak_relay.settings import RelaySettings
from listrak_relay.use_cases.feeds.delivered import DeliveredFeeds
from listrak_relay.use_cases.feeds.order import FeedOrder
from listrak_relay.use_cases.relay_feed import RelayFeed
from listrak_relay.use_cases.runs.consuming import Consuming, Delivery
from listrak_relay.use_cases.runs.settling import Settling
from listrak_relay.wiring import aws


def relay_feed(delivery: Delivery, owner: str, time_left: TimeLeft) -> str:
    """Send the file that a FeedQueue message points to; see `Consuming.consume`."""
    consuming, use_case = _parts()

    def work(message: Message) -> None:
        if not isinstance(message, DeliverChunk):
            raise ConfigurationError("message_foreign", f"a {type(message).__name__} message is on the feed queue")
        use_case.deliver(message, owner, time_left)

    return consuming.consume(delivery, work)


@cache
def _parts() -> tuple[Consuming, RelayFeed]:
    settings = RelaySettings.from_env()
    ledger, store = aws.ledger(settings.aws), aws.store(settings.aws)
    settling = Settling(ledger, aws.queue(settings.close_queue_url))
    accounts = SftpAccounts(SecretsManagerStore(client("secretsmanager")), settings.sftp_secret)
    delivered = DeliveredFeeds(store)
    book = S3DestinationBook(settings.aws.work_bucket, client("s3"), aws.CLOCK)
    order = FeedOrder(ledger, book, accounts, delivered, aws.CLOCK)
    use_case = RelayFeed(ledger, store, accounts, order, delivered, settling, aws.CLOCK)
    queue, dead_letters = aws.queue(settings.feed_queue_url), aws.queue(settings.feed_dead_letter_queue_url)
    return Consuming(queue, dead_letters, settling, settings.max_receives), use_case
