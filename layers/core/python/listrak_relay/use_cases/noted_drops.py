"""Ingest that remembers when a file came for each destination, so that one that does not come can be noticed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from listrak_relay.domain.run.drop_keys import destination_of
from listrak_relay.domain.run.runs import DroppedFile
from listrak_relay.ports.drops import DropRecord
from listrak_relay.use_cases.ingest_audience import IngestAudience

READ = frozenset({"ingested", "read_in_ranges", "dispatched_again"})
"""Words of `IngestAudience.ingest` for a file that can be used, whose destination is therefore a known one."""


@dataclass(frozen=True, slots=True)
class NotedDrops:
    ingesting: IngestAudience
    record: DropRecord

    def ingest(self, source: DroppedFile, owner: str, lease_seconds: float) -> str:
        """As `IngestAudience.ingest`."""
        result = self.ingesting.ingest(source, owner, lease_seconds)
        if result in READ:
            self.record.note(destination_of(source.key), datetime.fromisoformat(source.dropped_at).timestamp())
        return result
