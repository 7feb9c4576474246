"""`ingest_audience` from its ports."""

from __future__ import annotations

from typing import NamedTuple

from listrak_relay.ports.destinations import DestinationBook
from listrak_relay.ports.ranges import RangeStarter
from listrak_relay.ports.reading import AudienceReader, FeedReader
from listrak_relay.ports.storage import DropStore
from listrak_relay.ports.time import DAY_SECONDS
from listrak_relay.settings.reading import IngestSettings
from listrak_relay.use_cases.ingest.drop_sets import DropSets
from listrak_relay.use_cases.ingest.jobs import Jobs
from listrak_relay.use_cases.ingest.large_files import LargeFiles
from listrak_relay.use_cases.ingest.recording import Recording
from listrak_relay.use_cases.ingest_audience import IngestAudience
from listrak_relay.use_cases.runs.rejects_file import RejectsFile
from listrak_relay.wiring.assembly.common import opt_outs
from listrak_relay.wiring.assembly.dispatching import dispatching
from listrak_relay.wiring.assembly.ports import ChunkQueues, RunPorts


class IngestAudiencePorts(NamedTuple):
    run: RunPorts
    drops: DropStore
    book: DestinationBook
    reader: AudienceReader
    feed_reader: FeedReader
    chunk_queues: ChunkQueues
    range_starter: RangeStarter


def audience_ingest(ports: IngestAudiencePorts, settings: IngestSettings) -> IngestAudience:
    run = ports.run
    ledger, store, sending = run.ledger, run.store, dispatching(run, ports.chunk_queues)
    drop_sets = DropSets(ledger, ports.drops, run.clock, settings.aws.ledger_retention_days * DAY_SECONDS)
    return IngestAudience(
        ledger=ledger,
        lanes=run.lanes,
        drops=ports.drops,
        store=store,
        rejects=RejectsFile(store),
        jobs=Jobs(ports.book, drop_sets, store),
        reader=ports.reader,
        dispatching=sending,
        feed_reader=ports.feed_reader,
        recording=Recording(ledger, run.lanes, store, opt_outs(run), sending),
        large_files=LargeFiles(ledger, ports.range_starter, settings.large_file_bytes),
    )
