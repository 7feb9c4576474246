"""`relay_feed` from its ports."""

from __future__ import annotations

from typing import NamedTuple

from listrak_relay.ports.destinations import DestinationBook
from listrak_relay.ports.sftp import SftpGateways
from listrak_relay.settings.delivering import RelayFeedSettings
from listrak_relay.use_cases.feeds.delivered import DeliveredFeeds
from listrak_relay.use_cases.feeds.leftovers import Leftovers
from listrak_relay.use_cases.feeds.order import FeedOrder
from listrak_relay.use_cases.relay_feed import RelayFeed
from listrak_relay.wiring.assembly.chunks import ConsumeChunk, chunk_consumer
from listrak_relay.wiring.assembly.common import consuming, open_chunks, settling
from listrak_relay.wiring.assembly.ports import Inbox, RunPorts


class RelayFeedPorts(NamedTuple):
    run: RunPorts
    inbox: Inbox
    book: DestinationBook
    gateways: SftpGateways


def feed_consumer(ports: RelayFeedPorts, settings: RelayFeedSettings) -> ConsumeChunk:
    run = ports.run
    delivered = DeliveredFeeds(run.store)
    use_case = RelayFeed(
        ledger=run.ledger,
        lanes=run.lanes,
        store=run.store,
        open_chunks=open_chunks(run),
        gateways=ports.gateways,
        order=FeedOrder(
            ledger=run.ledger, book=ports.book, gateways=ports.gateways, delivered=delivered, clock=run.clock
        ),
        delivered=delivered,
        leftovers=Leftovers(
            ledger=run.ledger, store=run.store, gateways=ports.gateways, queue=ports.inbox.queue, clock=run.clock
        ),
        settling=settling(run),
        clock=run.clock,
    )
    return chunk_consumer(consuming(run, ports.inbox, settings.inbox.max_receives, leaves_things=True), use_case)
