"""`ingest_ranges` from its ports."""

from __future__ import annotations

from typing import NamedTuple

from listrak_relay.ports.ranges import RangeReader
from listrak_relay.ports.storage import DropStore
from listrak_relay.settings.reading import RangeSettings
from listrak_relay.use_cases.ingest.recording import Recording
from listrak_relay.use_cases.ingest_ranges import IngestRanges
from listrak_relay.use_cases.ranges.cut import CutRanges
from listrak_relay.use_cases.ranges.join import JoinRanges
from listrak_relay.use_cases.runs.rejects_file import RejectsFile
from listrak_relay.wiring.assembly.common import opt_outs
from listrak_relay.wiring.assembly.dispatching import dispatching
from listrak_relay.wiring.assembly.ports import ChunkQueues, RunPorts


class IngestRangesPorts(NamedTuple):
    run: RunPorts
    drops: DropStore
    reader: RangeReader
    chunk_queues: ChunkQueues


def range_ingest(ports: IngestRangesPorts, settings: RangeSettings) -> IngestRanges:
    run, drops, reader = ports.run, ports.drops, ports.reader
    store, whole_limit = run.store, settings.reading.unpacked_limit_bytes
    rejects = RejectsFile(store)
    return IngestRanges(
        drops=drops,
        store=store,
        rejects=rejects,
        reader=reader,
        cutting=CutRanges(drops, store, reader, settings.range_bytes, whole_limit),
        joining=JoinRanges(store, rejects, reader),
        recording=Recording(run.ledger, run.lanes, store, opt_outs(run), dispatching(run, ports.chunk_queues)),
        close_queue=run.close_queue,
        whole_limit=whole_limit,
    )
