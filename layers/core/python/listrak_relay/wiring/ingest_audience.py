"""The parts of `ingest_audience`."""

from __future__ import annotations

from functools import cache

from listrak_relay.adapters.aws.clients import client
from listrak_relay.adapters.aws.destinations_file import S3DestinationBook
from listrak_relay.adapters.aws.s3_objects import S3DropStore
from listrak_relay.adapters.aws.state_machine import StateMachine
from listrak_relay.adapters.duckdb.audience_reader import DuckDbAudienceReader
from listrak_relay.adapters.duckdb.feed_reader import DuckDbFeedReader
from listrak_relay.domain.run.runs import UNVERSIONED, DroppedFile
from listrak_relay.ports.time import TimeLeft
from listrak_relay.settings import IngestSettings
from listrak_relay.use_cases.ingest.dispatching import Dispatching
from listrak_relay.use_cases.ingest.drop_sets import DropSets
from listrak_relay.use_cases.ingest.jobs import Jobs
from listrak_relay.use_cases.ingest.large_files import LargeFiles
from listrak_relay.use_cases.ingest.recording import Recording
from listrak_relay.use_cases.ingest_audience import IngestAudience
from listrak_relay.use_cases.noted_drops import NotedDrops
from listrak_relay.wiring import aws
from listrak_relay.wiring.reading import chunk_sizes, pgp_keys, sessions


def ingest_audience(
    bucket: str, key: str, version: str, etag: str, size: int, dropped_at: str, owner: str, time_left: TimeLeft
) -> tuple[str, str]:
    """(run id, what happened); see `IngestAudience.ingest`. ``version`` is empty in a bucket that keeps none, ``size``
    in bytes, ``dropped_at`` in ISO 8601."""
    source = DroppedFile(bucket, key, version or UNVERSIONED + etag, size, dropped_at)
    return source.run_id, _use_case().ingest(source, owner, time_left())


@cache
def _use_case() -> NotedDrops:
    settings = IngestSettings.from_env()
    ledger, store = aws.ledger(settings.aws), aws.store(settings.aws)
    drops = S3DropStore(client("s3"))
    reading = sessions(settings.reading, pgp_keys())
    queues = aws.delivery_queues(settings.email_queue_url, settings.sms_queue_url, settings.feed_queue_url)
    dispatching = Dispatching(ledger, store, queues, aws.queue(settings.close_queue_url))
    # A file is often dropped right after a change of the configuration, so each run asks for the newest version.
    book = S3DestinationBook(settings.aws.work_bucket, client("s3"), aws.CLOCK, recheck_seconds=0)
    drop_sets = DropSets(ledger, drops, aws.CLOCK, settings.aws.ledger_retention_days * 86_400)
    starter = StateMachine(settings.ranges_arn, client("stepfunctions"))
    ingesting = IngestAudience(
        ledger=ledger,
        drops=drops,
        store=store,
        jobs=Jobs(book, drop_sets, store),
        reader=DuckDbAudienceReader(reading, chunk_sizes(settings.reading)),
        dispatching=dispatching,
        feed_reader=DuckDbFeedReader(reading),
        recording=Recording(ledger, store, dispatching),
        large_files=LargeFiles(ledger, starter, settings.large_file_bytes),
    )
    return NotedDrops(ingesting, aws.drop_record(settings.aws))
