"""Final names on an SFTP server: whoever sends to one is alone with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from listrak_relay.domain.run.manifest import FeedManifest
from listrak_relay.errors import NotYetError
from listrak_relay.ports.ledger import RunLedger
from listrak_relay.ports.time import TimeLeft

ANOTHER_IS_SENDING_SECONDS = 15.0
AFTER_THE_TIMEOUT_SECONDS = 30.0
"""A lock outlives the invocation that holds it by so much."""


@contextmanager
def alone(ledger: RunLedger, manifest: FeedManifest, account: str, owner: str, time_left: TimeLeft) -> Iterator[None]:
    """One at a time for each name that files of a destination can have, so that no two are after the same one.

    Raises NotYetError: another is at it.
    """
    lock = f"sftp/{account}/{manifest.destination.feed.file_name}"
    if not ledger.acquire_lock(lock, owner, time_left() + AFTER_THE_TIMEOUT_SECONDS):
        raise NotYetError("another file of this destination is being sent", ANOTHER_IS_SENDING_SECONDS)
    try:
        yield
    finally:
        ledger.release_lock(lock, owner)
