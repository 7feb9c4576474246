"""What following an import needs to know of its channel."""

from __future__ import annotations

from typing import Protocol

from listrak_relay.domain.destinations.destinations import Destination
from listrak_relay.domain.run.manifest import Chunk, RunManifest
from listrak_relay.domain.run.runs import ChunkOutcome
from listrak_relay.messages import FollowImport
from listrak_relay.ports.listrak_imports import ImportStatus


class FollowedImport(Protocol):
    """One import of one chunk."""

    def status(self) -> ImportStatus: ...

    def outcome(self, given_up: str | None, *, patient: bool) -> ChunkOutcome | None:
        """How the chunk's rows ended. ``given_up``: reason of rows that nothing is known of, when the import failed or
        never ended. None, only if ``patient``: Listrak has not yet counted every row, look again."""
        ...


class ChannelImports(Protocol):
    def followed(self, manifest: RunManifest[Destination], chunk: Chunk, message: FollowImport) -> FollowedImport:
        """Raises ConfigurationError: the run's delivery plan is gone."""
        ...
