"""What attempts at a file have left on the SFTP server that is not sent any more."""

from __future__ import annotations

from dataclasses import dataclass, replace

from listrak_relay.domain.delivery.feed_plan import FeedPlan
from listrak_relay.domain.destinations.destinations import FeedDestination
from listrak_relay.domain.run.manifest import FeedManifest
from listrak_relay.errors import RelayError
from listrak_relay.messages import DeliverChunk
from listrak_relay.ports.ledger import RunLedger
from listrak_relay.ports.messaging import MAX_DELAY_SECONDS, MessageQueue
from listrak_relay.ports.sftp import SftpGateways
from listrak_relay.ports.storage import ObjectStore
from listrak_relay.ports.time import Clock, TimeLeft
from listrak_relay.use_cases.feeds.names import alone
from listrak_relay.use_cases.feeds.publication import LedgerPublication
from listrak_relay.use_cases.runs.manifest_store import load_manifest
from listrak_relay.use_cases.runs.waiting import WAIT_LIMIT_SECONDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Leftovers:
    """``queue``: of feed files, on which a message about leftovers waits for the server."""

    ledger: RunLedger
    store: ObjectStore
    gateways: SftpGateways
    queue: MessageQueue
    clock: Clock

    def see_to(self, message: DeliverChunk) -> None:
        """By a message of their own, so that the run need not wait for it. ``message``: of the chunk."""
        self.queue.send([DeliverChunk(message.run_id, message.chunk_id, given_up=True)])

    def clear(self, manifest: FeedManifest, plan: FeedPlan) -> bool:
        """By whoever is alone with the name. Returns whether the file had been sent; raises as `SftpGateway` does."""
        gateway = self.gateways.for_feed(manifest.destination.secret, manifest.destination.feed)
        return gateway.clear(plan.name, manifest.run_id, LedgerPublication(self.ledger, manifest.run_id))

    def tidy(self, message: DeliverChunk, owner: str, time_left: TimeLeft) -> None:
        """After the rows were counted. What is in the way is tried again for some hours, and is no failure of the run;
        an operator who returns its message sends the file from its beginning."""
        try:
            manifest = load_manifest(self.store, message.run_id).of(FeedDestination)
        except FileNotFoundError:
            return  # Nobody knows of the run any more.
        try:
            plan = self.ledger.get_plan(message.run_id, FeedPlan)
            sent = self.ledger.get_chunk(message.run_id, message.chunk_id).tally.accepted
            if plan is None or sent:
                return
            with alone(self.ledger, manifest, self.gateways.account(manifest.destination.secret), owner, time_left):
                self.clear(manifest, plan)
        except RelayError:
            now = self.clock.now()
            since = message.waiting_since or now
            if now - since < WAIT_LIMIT_SECONDS:
                self.queue.send([replace(message, waiting_since=since)], delay_seconds=MAX_DELAY_SECONDS)
