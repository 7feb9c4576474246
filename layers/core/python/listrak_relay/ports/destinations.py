"""Destinations by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from listrak_relay.domain.destinations.destinations import Destination


class DestinationBook(Protocol):
    """`config/destinations.yaml` merged over the built-in destinations, read once per version."""

    def find(self, name: str) -> Destination:
        """Raises ConfigurationError: the file, or what it says of this destination, is wrong (code
        ``destinations_invalid``, all faults named), or there is no such destination (code ``destination_unknown``, the
        known ones named)."""
        ...

    def faulty(self) -> Sequence[str]:
        """Names of the destinations that cannot be used, as of the last `find` or `all`."""
        ...

    def all(self) -> Mapping[str, Destination]:
        """Those that can be used, by name, the built-in ones included. Raises ConfigurationError: the file is wrong."""
        ...
