"""Reading a file as ingest does, on the machine of whoever wants to know what would become of it."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from listrak_relay.adapters.duckdb.audience_reader import DuckDbAudienceReader
from listrak_relay.adapters.duckdb.feed_reader import DuckDbFeedReader
from listrak_relay.adapters.duckdb.sampling import write_sample
from listrak_relay.adapters.duckdb.sessions import Sessions
from listrak_relay.domain.destinations.choices import Channel
from listrak_relay.domain.destinations.destinations import AudienceDestination, Destination
from listrak_relay.domain.run.runs import DroppedFile
from listrak_relay.ports.reading import IngestedAudience, LocalFile
from listrak_relay.settings.reading import ReadingSettings
from listrak_relay.wiring.reading import chunk_sizes, sessions


def sample_here(file: Path, key: str, destination: AudienceDestination, audience: str, rows: int, out: Path) -> Path:
    """The first ``rows`` of ``file`` that would be sent, as a CSV file in the folder ``out``.

    Raises:
        NoRoomError: this machine has not the memory or the disk, which says nothing of a stack.
        FileRejectedError: it would be rejected as a whole.
    """
    return write_sample(_sessions(), [LocalFile(key, file)], destination, audience, rows, out)


def _sessions() -> Sessions:
    return sessions(_settings(), None)


def _settings() -> ReadingSettings:
    return ReadingSettings.from_env({"DUCKDB_THREADS": str(os.cpu_count() or 2)})


def read_here(file: Path, key: str, destination: Destination, audience: str, out: Path) -> IngestedAudience:
    """As ingest would read ``file`` if it were dropped as ``key`` now; writes into the folder ``out`` alone.

    Raises:
        NoRoomError: this machine has not the memory or the disk, which says nothing of a stack.
        FileRejectedError: it would be rejected as a whole.
    """
    reading = _sessions()
    source = DroppedFile("", key, "", file.stat().st_size, datetime.now(UTC).isoformat())
    files = [LocalFile(key, file)]
    if destination.channel is Channel.SFTP:
        return DuckDbFeedReader(reading).read(files, source, destination, out)
    return DuckDbAudienceReader(reading, chunk_sizes(_settings())).read(files, source, destination, audience, out)
