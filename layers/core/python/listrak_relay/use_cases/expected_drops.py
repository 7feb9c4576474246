"""Which destinations got no file by the hour that their configuration expects."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from listrak_relay.domain.destinations.expectations import is_missing
from listrak_relay.ports.destinations import DestinationBook
from listrak_relay.ports.drops import DropRecord
from listrak_relay.ports.time import Clock


@dataclass(frozen=True, slots=True)
class ExpectedDrops:
    book: DestinationBook
    record: DropRecord
    clock: Clock

    def missing(self) -> list[str]:
        """Names of destinations. Raises ConfigurationError: the configuration cannot be used."""
        now = datetime.fromtimestamp(self.clock.now(), UTC)
        return [
            name
            for name, destination in sorted(self.book.all().items())
            if destination.expected_by is not None and is_missing(destination.expected_by, self._last(name), now)
        ]

    def _last(self, name: str) -> datetime | None:
        at = self.record.last(name)
        return None if at is None else datetime.fromtimestamp(at, UTC)
