"""The parts of `ingest_ranges`."""

from __future__ import annotations

from functools import cache

from listrak_relay.adapters.aws.clients import client
from listrak_relay.adapters.aws.s3_objects import S3DropStore
from listrak_relay.adapters.duckdb.range_reader import DuckDbRangeReader
from listrak_relay.domain.destinations.destinations import Channel
from listrak_relay.settings import RangeSettings
from listrak_relay.use_cases.ingest.dispatching import Dispatching
from listrak_relay.use_cases.ingest.recording import Recording
from listrak_relay.use_cases.ingest_ranges import IngestRanges
from listrak_relay.use_cases.ranges.cut import CutRanges
from listrak_relay.use_cases.ranges.join import JoinRanges
from listrak_relay.wiring import aws
from listrak_relay.wiring.reading import chunk_sizes, pgp_keys, sessions


@cache
def ingest_ranges() -> IngestRanges:
    settings = RangeSettings.from_env()
    ledger, store = aws.ledger(settings.aws), aws.store(settings.aws)
    drops = S3DropStore(client("s3"))
    reader = DuckDbRangeReader(sessions(settings.reading, pgp_keys()), chunk_sizes(settings.reading))
    whole_limit = settings.reading.unpacked_limit_bytes
    queues = {Channel.EMAIL: aws.queue(settings.email_queue_url), Channel.SMS: aws.queue(settings.sms_queue_url)}
    close_queue = aws.queue(settings.close_queue_url)
    return IngestRanges(
        drops=drops,
        store=store,
        reader=reader,
        cutting=CutRanges(drops, store, reader, settings.range_bytes, whole_limit),
        joining=JoinRanges(store, reader),
        recording=Recording(ledger, store, Dispatching(ledger, store, queues, close_queue)),
        close_queue=close_queue,
        whole_limit=whole_limit,
    )
