"""People without their addresses: keyed hashes, which nobody can turn back or make without the stack's own key."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

HASH_BYTES = 8


class PersonHashes(Protocol):
    def of(self, lane: str, contact: str) -> bytes:
        """`HASH_BYTES` bytes, the same each time for one person of one list.

        Raises:
            RetryableError, ConfigurationError: the key could not be read.
        """
        ...

    def of_all(self, lane: str, contacts: Iterable[str]) -> list[bytes]:
        """As `of`, for each of many people of one list in their order."""
        ...
