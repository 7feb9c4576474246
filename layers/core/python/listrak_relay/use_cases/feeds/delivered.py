"""What was delivered last of each feed, so that order items can be compared with it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from io import TextIOWrapper
from typing import Any

from listrak_relay.domain.destinations.feed_settings import Feed
from listrak_relay.domain.feeds.delivery import DeliveredFeed, count_missing
from listrak_relay.domain.feeds.tables import FEED_TABLES, FeedTable
from listrak_relay.domain.run import work_keys as keys
from listrak_relay.domain.run.manifest import FeedManifest
from listrak_relay.domain.values.csv_lines import csv_rows
from listrak_relay.domain.values.plain_values import from_json, to_json
from listrak_relay.ports.storage import ObjectStore
from listrak_relay.scratch import scratch_folder
from listrak_relay.use_cases.runs.content_types import CSV, JSON


@dataclass(frozen=True, slots=True)
class Comparison:
    """How many keys that the rows refer to, and rows that have them, are not in the ``feed`` that was delivered last.
    ``latest`` is None if none was; then nothing was compared."""

    feed: Feed
    column: str
    latest: DeliveredFeed | None
    keys: int = 0
    rows: int = 0

    @property
    def warning(self) -> str:
        return f"{self.column}_not_in_latest_{self.feed}"

    def as_note(self) -> dict[str, Any] | None:
        if self.latest is None:
            return None
        return {**asdict(self.latest), "missing_keys": self.keys, "rows_that_have_them": self.rows}


@dataclass(frozen=True, slots=True)
class DeliveredFeeds:
    """``account``: a word for the SFTP account, see `ports.sftp.SftpGateways`."""

    store: ObjectStore

    def latest(self, account: str, feed: Feed) -> DeliveredFeed | None:
        try:
            with self.store.open(keys.delivered_key(account, feed)) as body:
                return from_json(DeliveredFeed, body.read())
        except FileNotFoundError:
            return None

    def compare(self, manifest: FeedManifest, account: str) -> list[Comparison]:
        """The rows of a run with the feeds that they refer to, in constant memory."""
        return [
            self._compared(manifest, account, feed, key[0]) for feed, key in (_table(manifest).refers or {}).items()
        ]

    def remember(self, manifest: FeedManifest, account: str, latest: DeliveredFeed) -> None:
        """Keys first: who sees the delivery finds them."""
        table, feed = _table(manifest), manifest.destination.feed.feed
        if feed is Feed.CONTACT_LIST:
            return
        if table.kept:
            with scratch_folder() as folder:
                path = folder / "keys.csv"
                source = keys.run_keys_key(manifest.run_id, table.kept[0])
                with self.store.open(source) as body, path.open("wb") as copy:
                    shutil.copyfileobj(body, copy, 1 << 20)
                self.store.put_file(keys.delivered_keys_key(account, feed), path, CSV)
        self.store.put(keys.delivered_key(account, feed), to_json(latest), JSON)

    def _compared(self, manifest: FeedManifest, account: str, feed: Feed, column: str) -> Comparison:
        latest = self.latest(account, feed)
        if latest is None:
            return Comparison(feed, column, None)
        references = self._rows(keys.run_keys_key(manifest.run_id, column))
        known = (key for key, _ in self._rows(keys.delivered_keys_key(account, feed)))
        missing, rows = count_missing(references, known)
        return Comparison(feed, column, latest, missing, rows)

    def _rows(self, key: str) -> Iterator[tuple[str, int]]:
        with self.store.open(key) as body, TextIOWrapper(body, encoding="utf-8", newline="") as text:
            for name, rows in csv_rows(text):
                yield name, int(rows)


def _table(manifest: FeedManifest) -> FeedTable:
    return FEED_TABLES[manifest.destination.feed.feed]
