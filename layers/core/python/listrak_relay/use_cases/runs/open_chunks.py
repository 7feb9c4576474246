"""The chunk that a message is about, unless it has ended."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

from listrak_relay.domain.destinations.destinations import Destination
from listrak_relay.domain.lanes.lane import LanePlace, place_of
from listrak_relay.domain.run.manifest import Chunk, RunManifest
from listrak_relay.domain.run.runs import ChunkRecord, ChunkState
from listrak_relay.errors import ConfigurationError
from listrak_relay.messages import DeliverChunk, FollowImport
from listrak_relay.ports.lanes import RunLanes
from listrak_relay.ports.ledger import RunLedger
from listrak_relay.ports.storage import ObjectStore
from listrak_relay.use_cases.runs.manifest_store import load_manifest
from listrak_relay.use_cases.runs.pausing import Pausing
from listrak_relay.use_cases.runs.settling import Settling


class OpenChunk(NamedTuple):
    """``record``: what the ledger knew of the chunk when the work on it began."""

    manifest: RunManifest[Destination]
    chunk: Chunk
    record: ChunkRecord


@dataclass(frozen=True, slots=True)
class OpenChunks:
    """``settling``: for a run whose last chunk has ended, and which may not have been told so."""

    pausing: Pausing
    ledger: RunLedger
    lanes: RunLanes
    store: ObjectStore
    settling: Settling

    def find(self, message: DeliverChunk | FollowImport) -> OpenChunk | None:
        """None: its rows are settled, or were given up and this is a copy of the message that was set aside, left over
        from a crash. Nothing is left to do but to close the run if they were the last.

        Raises:
            PausedError: nothing is to be sent for its destination now; what was sent is followed to its end.
            ConfigurationError: the chunk was given up while this message was under way. The message is set aside, and
                what comes after that was returned by an operator.
        """
        record = self.ledger.get_chunk(message.run_id, message.chunk_id)
        if record.state is ChunkState.SETTLED:
            self.settling.close_if_complete(self.ledger.get_run(message.run_id))
            return None
        if record.adrift:
            raise ConfigurationError("overdue", "the run was closed before this message came; nothing of it was sent")
        given_up = record.state is ChunkState.DEAD_LETTERED
        if given_up and not message.parked and not record.redriven:
            self.settling.close_given_up(self.ledger.get_run(message.run_id))
            return None
        manifest = load_manifest(self.store, message.run_id)
        if given_up:
            record = self._redriven(record, place_of(manifest.source, manifest.destination))
        if isinstance(message, DeliverChunk) and record.state is not ChunkState.SUBMITTED:
            self.pausing.check(manifest.destination)
        return OpenChunk(manifest, manifest.find(message.chunk_id), record)

    def _redriven(self, record: ChunkRecord, place: LanePlace | None) -> ChunkRecord:
        """Before anything is sent, newer runs of the list are to know that it is under way again."""
        if not record.redriven:
            self.ledger.mark_redriven(record.run_id, record.chunk_id)
        if place:
            self.lanes.end(place, ended=False)
        return replace(record, redriven=True, attempts=record.attempts if record.redriven else 0)
