"""One queue message: a checked feed file goes to Listrak's SFTP server."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import BinaryIO, cast

from listrak_relay.domain.delivery.feed_plan import FeedPlan
from listrak_relay.domain.destinations.destinations import FeedDestination
from listrak_relay.domain.feeds.delivery import NAMES_KEPT_SECONDS, DeliveredFeed, moment
from listrak_relay.domain.lanes.lane import LanePlace, order_of
from listrak_relay.domain.lanes.verdicts import REASONS, Verdict
from listrak_relay.domain.run.manifest import Chunk, FeedManifest
from listrak_relay.domain.run.runs import ChunkOutcome, Tally
from listrak_relay.errors import NotYetError, RelayError, UnfinishedError
from listrak_relay.messages import DeliverChunk
from listrak_relay.ports.lanes import RunLanes
from listrak_relay.ports.ledger import RunLedger
from listrak_relay.ports.sftp import Delivered, SftpGateways, Upload
from listrak_relay.ports.storage import ObjectStore
from listrak_relay.ports.time import Clock, TimeLeft
from listrak_relay.use_cases.feeds.delivered import DeliveredFeeds
from listrak_relay.use_cases.feeds.leftovers import Leftovers
from listrak_relay.use_cases.feeds.names import ANOTHER_IS_SENDING_SECONDS, alone
from listrak_relay.use_cases.feeds.order import FeedOrder
from listrak_relay.use_cases.feeds.publication import LedgerPublication
from listrak_relay.use_cases.runs.chunk_content import open_chunk
from listrak_relay.use_cases.runs.manifest_store import save_manifest
from listrak_relay.use_cases.runs.open_chunks import OpenChunks
from listrak_relay.use_cases.runs.plans import load_plan
from listrak_relay.use_cases.runs.settling import Settling
from listrak_relay.use_cases.runs.stopping import must_stop

_NAMES_TRIED = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayFeed:
    ledger: RunLedger
    lanes: RunLanes
    store: ObjectStore
    open_chunks: OpenChunks
    gateways: SftpGateways
    order: FeedOrder
    delivered: DeliveredFeeds
    leftovers: Leftovers
    settling: Settling
    clock: Clock

    def deliver(self, message: DeliverChunk, owner: str, time_left: TimeLeft) -> None:
        """Send the file; a repeat changes nothing. ``owner``: this invocation's request id.

        Raises:
            RelayError: see `use_cases.consuming` for what becomes of the message.
        """
        if message.given_up:
            self.leftovers.tidy(message, owner, time_left)
            return
        found = self.open_chunks.find(message)
        if found is None:
            return
        manifest, chunk = found.manifest.of(FeedDestination), found.chunk
        self.order.wait(manifest)
        account = self.gateways.account(manifest.destination.secret)
        with alone(self.ledger, manifest, account, owner, time_left):
            if self._overtaken(manifest, account):
                self._give_way(message, manifest, chunk, account)
                return
            plan = self._plan(manifest, account)
            with self._on_record(manifest, account):
                sent = self._send(manifest, chunk, plan, time_left)
            self._note(manifest, chunk, account, plan, sent)
            latest = DeliveredFeed(manifest.run_id, plan.name, manifest.source.dropped_at, self._now(), chunk.rows)
            self.delivered.remember(manifest, account, latest)
            self._settle_sent(manifest, chunk)

    def _overtaken(self, manifest: FeedManifest, account: str) -> bool:
        """Whether a file dropped later has gone to the same name, where the older one would take its place."""
        place = _place(manifest, account)
        return place is not None and any(e.started for e in self.lanes.from_here(place) if e.place != place)

    def _give_way(self, message: DeliverChunk, manifest: FeedManifest, chunk: Chunk, account: str) -> None:
        """To the newer file. An earlier attempt may have sent this one before that, which is looked for; what it left
        otherwise keeps nobody waiting."""
        plan = self.ledger.get_plan(manifest.run_id, FeedPlan)
        if plan and plan.publishing and self.leftovers.clear(manifest, plan):
            self._note(manifest, chunk, account, plan, Delivered(earlier=True))
            self._settle_sent(manifest, chunk)
            return
        if plan:
            self.leftovers.see_to(message)
        superseded = ChunkOutcome(Tally(skipped=chunk.rows), {REASONS[Verdict.SUPERSEDED]: chunk.rows})
        self.settling.settle(manifest.run_id, chunk.chunk_id, superseded)

    @contextmanager
    def _on_record(self, manifest: FeedManifest, account: str) -> Iterator[None]:
        """That the file goes to its name, unless it comes out that it did not."""
        if place := _place(manifest, account):
            self.lanes.enter(place)
            self.lanes.start(place)
        try:
            yield
        except RelayError:
            if place and not load_plan(self.ledger, manifest.run_id, FeedPlan).publishing:
                self.lanes.start(place, started=False)
            raise
        if place:
            self.lanes.end(place)

    def _plan(self, manifest: FeedManifest, account: str) -> FeedPlan:
        kept = self.ledger.get_plan(manifest.run_id, FeedPlan)
        if kept:
            return kept
        plan = FeedPlan(self._free_name(manifest, account))
        self.ledger.put_plan(manifest.run_id, plan)
        return plan

    def _free_name(self, manifest: FeedManifest, account: str) -> str:
        """By the time of the drop, or as many seconds later as files of that moment have been named already."""
        settings = manifest.destination.feed
        dropped = moment(manifest.source.dropped_at)
        if not settings.names_differ:
            return settings.name_at(dropped)
        for seconds in range(_NAMES_TRIED):
            name = settings.name_at(dropped + timedelta(seconds=seconds))
            if self.ledger.acquire_lock(f"sftp-name/{account}/{name}", manifest.run_id, NAMES_KEPT_SECONDS):
                return name
        raise NotYetError("too many files were dropped at the same moment", ANOTHER_IS_SENDING_SECONDS)

    def _send(self, manifest: FeedManifest, chunk: Chunk, plan: FeedPlan, time_left: TimeLeft) -> Delivered:
        upload = Upload(
            plan.name,
            chunk.size,
            manifest.run_id,
            lambda first: cast("BinaryIO", _UntilTheTimeEnds(open_chunk(self.store, chunk, first), time_left)),
        )
        gateway = self.gateways.for_feed(manifest.destination.secret, manifest.destination.feed)
        return gateway.deliver(upload, LedgerPublication(self.ledger, manifest.run_id))

    def _note(self, manifest: FeedManifest, chunk: Chunk, account: str, plan: FeedPlan, sent: Delivered) -> None:
        """Before the rows are counted, so that the report finds both. The first notes of a delivery stay."""
        if "delivery" in manifest.notes:
            return
        compared = self.delivered.compare(manifest, account)
        notes = {
            **manifest.notes,
            "delivery": {
                "file_name": plan.name,
                "bytes": chunk.size,
                "sha256": chunk.sha256,
                "delivered_at": self._now(),
                "resumed_at_byte": sent.resumed_at,
                "found_delivered": sent.earlier,
            },
            "compared_with": {c.feed.value: c.as_note() for c in compared},
            "warnings": {**manifest.notes.get("warnings", {}), **{c.warning: c.rows for c in compared if c.rows}},
        }
        save_manifest(self.store, replace(manifest, notes=notes))

    def _settle_sent(self, manifest: FeedManifest, chunk: Chunk) -> None:
        self.settling.settle(manifest.run_id, chunk.chunk_id, ChunkOutcome(Tally(accepted=chunk.rows)))

    def _now(self) -> str:
        """ISO 8601 in UTC."""
        return datetime.fromtimestamp(self.clock.now(), UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _place(manifest: FeedManifest, account: str) -> LanePlace | None:
    """Among the files that go to one name and take each other's place; None where no other has its name."""
    settings = manifest.destination.feed
    if settings.names_differ or not settings.replace_existing:
        return None
    return LanePlace(f"sftp/{account}/{settings.file_name}", order_of(manifest.source), manifest.run_id)


class _UntilTheTimeEnds(io.RawIOBase):
    """A stream that breaks off in time for the next invocation to go on where it stopped."""

    def __init__(self, body: BinaryIO, time_left: TimeLeft) -> None:
        super().__init__()
        self._body, self._time_left = body, time_left

    def read(self, size: int = -1, /) -> bytes:
        """Raises UnfinishedError."""
        if must_stop(self._time_left):
            raise UnfinishedError("the time ran out before the whole file was sent; the next attempt goes on there", 1)
        return self._body.read(size)

    def close(self) -> None:
        self._body.close()
        super().close()
