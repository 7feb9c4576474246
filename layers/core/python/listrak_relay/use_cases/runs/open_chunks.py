"""The chunk that a message is about, unless it has ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from listrak_relay.domain.destinations.destinations import Destination
from listrak_relay.domain.run.manifest import Chunk, RunManifest
from listrak_relay.domain.run.runs import ChunkRecord, ChunkState
from listrak_relay.messages import DeliverChunk, FollowImport
from listrak_relay.ports.ledger import RunLedger
from listrak_relay.ports.storage import ObjectStore
from listrak_relay.use_cases.runs.manifest_store import load_manifest
from listrak_relay.use_cases.runs.settling import Settling


class OpenChunk(NamedTuple):
    """``record``: what the ledger knew of the chunk when the work on it began."""

    manifest: RunManifest[Destination]
    chunk: Chunk
    record: ChunkRecord


@dataclass(frozen=True, slots=True)
class OpenChunks:
    """``settling``: for a run whose last chunk has ended, and which may not have been told so."""

    ledger: RunLedger
    store: ObjectStore
    settling: Settling

    def find(self, message: DeliverChunk | FollowImport) -> OpenChunk | None:
        """None: its rows are settled, so nothing is left to do but to close the run if they were the last."""
        record = self.ledger.get_chunk(message.run_id, message.chunk_id)
        if record.state is ChunkState.SETTLED:
            self.settling.close_if_complete(self.ledger.get_run(message.run_id))
            return None
        manifest = load_manifest(self.store, message.run_id)
        return OpenChunk(manifest, manifest.find(message.chunk_id), record)
