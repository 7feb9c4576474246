"""A run whose file has been read, or refused, goes on record, and its messages are sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from listrak_relay.domain.destinations.destinations import BUILT_IN, Destination
from listrak_relay.domain.lanes.lane import is_special, place_of
from listrak_relay.domain.run import work_keys as keys
from listrak_relay.domain.run.manifest import Chunk, RunManifest
from listrak_relay.domain.run.runs import DroppedFile
from listrak_relay.errors import ConfigurationError, FileRejectedError, describe
from listrak_relay.messages import CloseRun
from listrak_relay.ports.lanes import RunLanes
from listrak_relay.ports.ledger import RunLedger
from listrak_relay.ports.reading import LocalChunk
from listrak_relay.ports.storage import ObjectStore
from listrak_relay.use_cases.ingest.dispatching import Dispatching
from listrak_relay.use_cases.lanes.opt_outs import OptOuts
from listrak_relay.use_cases.lanes.places import leave_lane
from listrak_relay.use_cases.runs.content_types import CSV, TEXT
from listrak_relay.use_cases.runs.manifest_store import save_manifest

READ_FAILED = "read_failed"


@dataclass(frozen=True, slots=True)
class Recording:
    ledger: RunLedger
    lanes: RunLanes
    store: ObjectStore
    opt_outs: OptOuts
    dispatching: Dispatching

    def record(self, manifest: RunManifest[Destination]) -> None:
        """The manifest before the ledger, so that whoever reads the later finds the earlier."""
        save_manifest(self.store, manifest)
        self.opt_outs.remember(manifest)
        if place := place_of(manifest.source, manifest.destination):
            self.lanes.mark_read(place, special=is_special(manifest))
        self.ledger.record_ingest(manifest)

    def store_chunks(self, run_id: str, chunks: Sequence[LocalChunk]) -> tuple[Chunk, ...]:
        """Put the files of each chunk where whoever delivers it looks for them."""
        stored = []
        for local in chunks:
            key, rows_key = keys.chunk_key(run_id, local.chunk_id), keys.rows_key(run_id, local.chunk_id)
            self.store.put_slice(key, local.content, CSV)
            self.store.put_slice(rows_key, local.row_numbers, TEXT)
            size = local.content.size
            stored.append(
                Chunk(
                    local.chunk_id,
                    local.action,
                    key,
                    rows_key,
                    local.rows,
                    size,
                    local.sha256,
                    local.assumed,
                    local.clears,
                )
            )
        return tuple(stored)

    def reject(
        self, source: DroppedFile, destination: str, audience: str, error: FileRejectedError | ConfigurationError
    ) -> None:
        """The file as a whole ends here; nothing of it is sent."""
        self.ledger.note_problem(source.run_id, error.code, str(error))
        unused = BUILT_IN.get(destination, BUILT_IN["email"])
        leave_lane(self.lanes, self.store, source.run_id)
        self.record(
            RunManifest(
                run_id=source.run_id,
                source=source,
                destination=unused,
                audience=audience,
                columns=(),
                chunks=(),
                rows_read=0,
                rejected=0,
                duplicates=0,
            )
        )
        self.dispatching.dispatch(source.run_id)

    def fail(self, run_id: str, error: Exception) -> bool:
        """Note a failure that nobody has foreseen. True: it was the second one of the run, which is therefore closed as
        failed; a third would be no better, since reading a file gives the same each time."""
        second = self.ledger.get_run(run_id).problem_code == READ_FAILED
        self.ledger.note_problem(
            run_id,
            READ_FAILED,
            f"Reading the file failed: {describe(error)}. This is a fault of the program: keep the file and report it.",
        )
        if second:
            self.dispatching.close_queue.send([CloseRun(run_id, given_up=True)])
        return second
