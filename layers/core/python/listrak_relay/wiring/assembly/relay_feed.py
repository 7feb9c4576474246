"""`relay_feed` from its ports."""

from __future__ import annotations

from dataclasses import dataclass

from listrak_relay.ports.destinations import DestinationBook
from listrak_relay.ports.sftp import SftpGateways
from listrak_relay.settings.delivering import RelayFeedSettings
from listrak_relay.use_cases.feeds.delivered import DeliveredFeeds
from listrak_relay.use_cases.feeds.order import FeedOrder
from listrak_relay.use_cases.relay_feed import RelayFeed
from listrak_relay.wiring.assembly.common import ChunkConsumer, consuming, open_chunks, settling
from listrak_relay.wiring.assembly.ports import Inbox, RunPorts


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayFeedPorts:
    run: RunPorts
    inbox: Inbox
    book: DestinationBook
    gateways: SftpGateways


def feed_consumer(ports: RelayFeedPorts, settings: RelayFeedSettings) -> ChunkConsumer:
    run = ports.run
    delivered = DeliveredFeeds(run.store)
    use_case = RelayFeed(
        ledger=run.ledger,
        store=run.store,
        open_chunks=open_chunks(run),
        gateways=ports.gateways,
        order=FeedOrder(
            ledger=run.ledger, book=ports.book, gateways=ports.gateways, delivered=delivered, clock=run.clock
        ),
        delivered=delivered,
        settling=settling(run),
        clock=run.clock,
    )
    return ChunkConsumer(consuming(run, ports.inbox, settings.inbox.max_receives), use_case)
