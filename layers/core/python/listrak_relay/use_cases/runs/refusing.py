"""Every row of a chunk is turned away, because the run as a whole was stopped."""

from __future__ import annotations

from dataclasses import dataclass

from listrak_relay.domain.destinations.destinations import Destination
from listrak_relay.domain.run.manifest import Chunk, RunManifest
from listrak_relay.domain.run.rejects import Reject, RejectOutcome
from listrak_relay.domain.run.runs import ChunkOutcome, Tally
from listrak_relay.ports.ledger import RunLedger
from listrak_relay.ports.storage import ObjectStore
from listrak_relay.use_cases.runs.chunk_rows import dropped_record, read_chunk
from listrak_relay.use_cases.runs.rejects_file import RejectsFile
from listrak_relay.use_cases.runs.settling import Settling

DETAIL = "the whole file was stopped; see the report's problem"


@dataclass(frozen=True, slots=True)
class Refusing:
    ledger: RunLedger
    store: ObjectStore
    rejects: RejectsFile
    settling: Settling

    def refuse(self, manifest: RunManifest[Destination], chunk: Chunk, code: str, why: str) -> None:
        """Write the chunk's rows to the rejects and settle them; ``why`` goes into the report."""
        run_id = manifest.run_id
        self.ledger.note_problem(run_id, code, why)
        rows = (
            Reject(row, RejectOutcome.REJECTED, code, "", DETAIL, dropped_record(manifest.columns, cells))
            for row, cells in read_chunk(self.store, chunk)
        )
        self.rejects.write(run_id, chunk.chunk_id, rows)
        self.settling.settle(run_id, chunk.chunk_id, ChunkOutcome(Tally(rejected=chunk.rows), {code: chunk.rows}))
