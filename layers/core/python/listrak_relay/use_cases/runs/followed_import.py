"""What following an import needs to know of its channel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from listrak_relay.domain.destinations.destinations import Destination
from listrak_relay.domain.run.manifest import Chunk, RunManifest
from listrak_relay.domain.run.runs import ChunkOutcome
from listrak_relay.messages import FollowImport
from listrak_relay.ports.listrak_imports import ImportStatus
from listrak_relay.ports.time import TimeLeft


@dataclass(frozen=True, slots=True)
class Patience:
    """``for_counts``: whether Listrak may take its time to count every row. ``for_results``: whether the reading of
    results may go on in another invocation; ``time_left``: of this one."""

    for_counts: bool
    for_results: bool
    time_left: TimeLeft


class FollowedImport(Protocol):
    """One import of one chunk."""

    def status(self) -> ImportStatus: ...

    def outcome(self, given_up: str | None, patience: Patience) -> ChunkOutcome | FollowImport:
        """How the chunk's rows ended. ``given_up``: reason of rows that nothing is known of, when the import failed or
        never ended. A message instead, as far as the patience goes: look again, by what it says."""
        ...

    def newer_said(self) -> FollowImport | None:
        """What newer files say is sent once more where this import, which has ended, may have undone it. A message
        instead of None: there is something to wait for, or to look at again.

        Raises:
            RetryableError: not all of it was sent; a repeat does no harm.
        """
        ...

    def tidy(self) -> None:
        """The chunk has ended: what was kept to find out how is not needed any more."""
        ...


class ChannelImports(Protocol):
    def followed(self, manifest: RunManifest[Destination], chunk: Chunk, message: FollowImport) -> FollowedImport:
        """Raises ConfigurationError: the run's delivery plan is gone."""
        ...
