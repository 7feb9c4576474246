"""Feeds in the order in which Listrak wants them: products, orders, order items."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from listrak_relay.domain.destinations.destinations import FeedDestination
from listrak_relay.domain.destinations.feed_settings import PREDECESSORS, Feed
from listrak_relay.domain.feeds.delivery import moment
from listrak_relay.domain.run.manifest import FeedManifest
from listrak_relay.errors import BoundedWaitError, ConfigurationError
from listrak_relay.ports.destinations import DestinationBook
from listrak_relay.ports.ledger import RunLedger
from listrak_relay.ports.sftp import SftpGateways
from listrak_relay.ports.time import Clock
from listrak_relay.use_cases.feeds.delivered import DeliveredFeeds

LOOK_AGAIN_SECONDS = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedOrder:
    ledger: RunLedger
    book: DestinationBook
    gateways: SftpGateways
    delivered: DeliveredFeeds
    clock: Clock

    def wait(self, manifest: FeedManifest) -> None:
        """Return when the file may go.

        That is when each feed before it has been delivered to the same account, by a file dropped no longer than
        ``wait_minutes`` before this one, and none is under way; or when this one has waited so long.

        Raises:
            BoundedWaitError
        """
        settings = manifest.destination.feed
        before = PREDECESSORS.get(settings.feed, ())
        if not settings.wait_minutes or not before:
            return
        limit = timedelta(minutes=settings.wait_minutes)
        dropped = moment(manifest.source.dropped_at)
        if self.clock.now() >= (dropped + limit).timestamp():
            return
        account = self.gateways.account(manifest.destination.secret)
        under_way = self._under_way(account)
        for feed in before:
            latest = self.delivered.latest(account, feed)
            fresh = latest is not None and moment(latest.dropped_at) >= dropped - limit
            if feed in under_way or not fresh:
                raise BoundedWaitError(f"the {feed} of the same time have not been delivered yet", LOOK_AGAIN_SECONDS)

    def _under_way(self, account: str) -> set[Feed]:
        found = set()
        for run in self.ledger.open_runs():
            try:
                destination = self.book.find(run.destination)
            except ConfigurationError:
                continue  # its run ends for that; nothing of it will come
            if not isinstance(destination, FeedDestination) or run.complete:
                continue
            if self.gateways.account(destination.secret) == account:
                found.add(destination.feed.feed)
        return found
