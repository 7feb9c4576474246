"""`ingest_audience` over AWS and DuckDB."""

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
from listrak_relay.settings.reading import IngestSettings
from listrak_relay.use_cases.noted_drops import NotedDrops
from listrak_relay.wiring import aws
from listrak_relay.wiring.assembly.ingest_audience import IngestAudiencePorts, audience_ingest
from listrak_relay.wiring.reading import chunk_sizes, pgp_keys, sessions


def ingest_audience(
    bucket: str,
    key: str,
    version: str,
    etag: str,
    size: int,
    dropped_at: str,
    sequencer: str,
    owner: str,
    time_left: TimeLeft,
) -> tuple[str, str]:
    """(run id, what happened); see `IngestAudience.ingest`. ``version`` is empty in a bucket that keeps none, ``size``
    in bytes, ``dropped_at`` in ISO 8601."""
    source = DroppedFile(bucket, key, version or UNVERSIONED + etag, size, dropped_at, sequencer)
    return source.run_id, _use_case().ingest(source, owner, time_left())


@cache
def _use_case() -> NotedDrops:
    settings = IngestSettings.from_env()
    reading = sessions(settings.reading, pgp_keys())
    ports = IngestAudiencePorts(
        run=aws.run_ports(settings.aws),
        drops=S3DropStore(client("s3")),
        # A file is often dropped right after a change of the configuration, so each run asks for the newest version.
        book=S3DestinationBook(settings.aws.work_bucket, client("s3"), aws.CLOCK, recheck_seconds=0),
        reader=DuckDbAudienceReader(reading, chunk_sizes(settings.reading)),
        feed_reader=DuckDbFeedReader(reading),
        chunk_queues=aws.chunk_queues(settings.chunk_queues),
        range_starter=StateMachine(settings.ranges_arn, client("stepfunctions")),
    )
    return NotedDrops(audience_ingest(ports, settings), aws.drop_record(settings.aws))
