"""One queue message: a checked feed file goes to Listrak's SFTP server."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import BinaryIO, cast

from listrak_relay.domain.destinations.feed_settings import FeedSettings
from listrak_relay.domain.feeds.delivery import NAMES_KEPT_SECONDS, DeliveredFeed, FeedPlan, moment
from listrak_relay.domain.run.manifest import Chunk, RunManifest
from listrak_relay.domain.run.runs import ChunkOutcome, ChunkState, Tally
from listrak_relay.errors import ConfigurationError, NotYetError
from listrak_relay.messages import DeliverChunk
from listrak_relay.ports.ledger import RunLedger
from listrak_relay.ports.sftp import Delivered, SftpGateways, Upload
from listrak_relay.ports.storage import ObjectStore
from listrak_relay.ports.time import Clock, TimeLeft
from listrak_relay.use_cases.feeds.delivered import DeliveredFeeds
from listrak_relay.use_cases.feeds.order import FeedOrder
from listrak_relay.use_cases.runs.manifest_store import load_manifest, save_manifest
from listrak_relay.use_cases.runs.settling import Settling
from listrak_relay.use_cases.runs.stopping import must_stop

ANOTHER_IS_SENDING_SECONDS = 15.0
AFTER_THE_TIMEOUT_SECONDS = 30.0
"""A lock outlives the invocation that holds it by so much."""

_NAMES_TRIED = 600


@dataclass(frozen=True, slots=True)
class RelayFeed:
    ledger: RunLedger
    store: ObjectStore
    gateways: SftpGateways
    order: FeedOrder
    delivered: DeliveredFeeds
    settling: Settling
    clock: Clock

    def deliver(self, message: DeliverChunk, owner: str, time_left: TimeLeft) -> None:
        """Send the file; a repeat changes nothing. ``owner``: this invocation's request id.

        Raises:
            RelayError: see `use_cases.consuming` for what becomes of the message.
        """
        record = self.ledger.get_chunk(message.run_id, message.chunk_id)
        if record.state is ChunkState.SETTLED:
            self.settling.close_if_complete(self.ledger.get_run(message.run_id))
            return
        manifest = load_manifest(self.store, message.run_id)
        settings = manifest.destination.feed
        if settings is None:
            raise ConfigurationError("message_foreign", f"run {message.run_id} is not of a feed, but is on its queue")
        chunk = manifest.find(message.chunk_id)
        self.order.wait(manifest, settings)
        account = self.gateways.account(manifest.destination.secret)
        # One at a time for each name that files of a destination can have, so that no two can be after the same one.
        with self._alone(f"sftp/{account}/{settings.file_name}", owner, time_left() + AFTER_THE_TIMEOUT_SECONDS):
            plan = self._plan(manifest, settings, account)
            sent = self._send(manifest, settings, chunk, plan, time_left)
            self._record(manifest, chunk, account, plan, sent)

    @contextmanager
    def _alone(self, lock: str, owner: str, seconds: float) -> Iterator[None]:
        if not self.ledger.acquire_lock(lock, owner, seconds):
            raise NotYetError("another file of this destination is being sent", ANOTHER_IS_SENDING_SECONDS)
        try:
            yield
        finally:
            self.ledger.release_lock(lock, owner)

    def _plan(self, manifest: RunManifest, settings: FeedSettings, account: str) -> FeedPlan:
        kept = self.ledger.get_plan(manifest.run_id)
        if kept:
            return FeedPlan.from_dict(kept)
        plan = FeedPlan(self._free_name(manifest, settings, account))
        self.ledger.put_plan(manifest.run_id, plan.as_dict())
        return plan

    def _free_name(self, manifest: RunManifest, settings: FeedSettings, account: str) -> str:
        """By the time of the drop, or as many seconds later as files of that moment have been named already."""
        dropped = moment(manifest.source.dropped_at)
        if not settings.names_differ:
            return settings.name_at(dropped)
        for seconds in range(_NAMES_TRIED):
            name = settings.name_at(dropped + timedelta(seconds=seconds))
            if self.ledger.acquire_lock(f"sftp-name/{account}/{name}", manifest.run_id, NAMES_KEPT_SECONDS):
                return name
        raise NotYetError("too many files were dropped at the same moment", ANOTHER_IS_SENDING_SECONDS)

    def _send(
        self, manifest: RunManifest, settings: FeedSettings, chunk: Chunk, plan: FeedPlan, time_left: TimeLeft
    ) -> Delivered:
        upload = Upload(
            plan.name,
            chunk.size,
            manifest.run_id,
            lambda first: cast("BinaryIO", _UntilTheTimeEnds(self.store.open(chunk.key, first), time_left)),
        )
        gateway = self.gateways.for_feed(manifest.destination.secret, settings)
        return gateway.deliver(upload, _LedgerPublication(self.ledger, manifest.run_id))

    def _record(self, manifest: RunManifest, chunk: Chunk, account: str, plan: FeedPlan, sent: Delivered) -> None:
        """The notes first, then the rows, so that the report finds both. The first notes of a delivery stay."""
        at = datetime.fromtimestamp(self.clock.now(), UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        if "delivery" not in manifest.notes:
            save_manifest(self.store, self._noted(manifest, chunk, account, plan, sent, at))
        latest = DeliveredFeed(manifest.run_id, plan.name, manifest.source.dropped_at, at, chunk.rows)
        self.delivered.remember(manifest, account, latest)
        self.settling.settle(manifest.run_id, chunk.chunk_id, ChunkOutcome(Tally(accepted=chunk.rows)))

    def _noted(
        self, manifest: RunManifest, chunk: Chunk, account: str, plan: FeedPlan, sent: Delivered, at: str
    ) -> RunManifest:
        compared = self.delivered.compare(manifest, account)
        notes = {
            **manifest.notes,
            "delivery": {
                "file_name": plan.name,
                "bytes": chunk.size,
                "sha256": chunk.sha256,
                "delivered_at": at,
                "resumed_at_byte": sent.resumed_at,
                "found_delivered": sent.earlier,
            },
            "compared_with": {c.feed.value: c.as_note() for c in compared},
            "warnings": {**manifest.notes.get("warnings", {}), **{c.warning: c.rows for c in compared if c.rows}},
        }
        return replace(manifest, notes=notes)


@dataclass(frozen=True, slots=True)
class _LedgerPublication:
    """`ports.sftp.Publication` in the run's plan."""

    ledger: RunLedger
    run_id: str

    def begun(self) -> bool:
        return self._plan().publishing

    def begin(self) -> None:
        self._put(publishing=True)

    def withdraw(self) -> None:
        self._put(publishing=False)

    def _plan(self) -> FeedPlan:
        return FeedPlan.from_dict(self.ledger.get_plan(self.run_id) or {})

    def _put(self, *, publishing: bool) -> None:
        self.ledger.put_plan(self.run_id, replace(self._plan(), publishing=publishing).as_dict())


class _UntilTheTimeEnds(io.RawIOBase):
    """A stream that breaks off in time for the next invocation to go on where it stopped."""

    def __init__(self, body: BinaryIO, time_left: TimeLeft) -> None:
        super().__init__()
        self._body, self._time_left = body, time_left

    def read(self, size: int = -1, /) -> bytes:
        """Raises NotYetError."""
        if must_stop(self._time_left):
            raise NotYetError("the time ran out before the whole file was sent; the next attempt goes on there", 1)
        return self._body.read(size)

    def close(self) -> None:
        self._body.close()
        super().close()
