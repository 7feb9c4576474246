"""`ingest_ranges` over AWS and DuckDB."""

from __future__ import annotations

from functools import cache

from listrak_relay.adapters.aws.clients import client
from listrak_relay.adapters.aws.s3_objects import S3DropStore
from listrak_relay.adapters.duckdb.range_reader import DuckDbRangeReader
from listrak_relay.settings.reading import RangeSettings
from listrak_relay.use_cases.ingest_ranges import IngestRanges
from listrak_relay.wiring import aws
from listrak_relay.wiring.assembly.ingest_ranges import IngestRangesPorts, range_ingest
from listrak_relay.wiring.reading import chunk_sizes, pgp_keys, sessions


@cache
def ingest_ranges() -> IngestRanges:
    settings = RangeSettings.from_env()
    ports = IngestRangesPorts(
        run=aws.run_ports(settings.aws),
        drops=S3DropStore(client("s3")),
        reader=DuckDbRangeReader(sessions(settings.reading, pgp_keys()), chunk_sizes(settings.reading)),
        chunk_queues=aws.chunk_queues(settings.chunk_queues),
    )
    return range_ingest(ports, settings)
