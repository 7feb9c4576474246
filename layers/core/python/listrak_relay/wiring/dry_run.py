"""Reading a file as ingest does, on the machine of whoever wants to know what would become of it."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from listrak_relay.adapters.duckdb.audience_reader import DuckDbAudienceReader
from listrak_relay.adapters.duckdb.feed_reader import DuckDbFeedReader
from listrak_relay.domain.destinations.destinations import Channel, Destination
from listrak_relay.domain.run.runs import DroppedFile
from listrak_relay.ports.reading import IngestedAudience, LocalFile
from listrak_relay.settings import ReadingSettings
from listrak_relay.wiring.reading import chunk_sizes, sessions


def read_here(file: Path, key: str, destination: Destination, audience: str, out: Path) -> IngestedAudience:
    """As ingest would read ``file`` if it were dropped as ``key`` now; writes into the folder ``out`` alone.

    Raises:
        FileRejectedError: it would be rejected as a whole.
    """
    settings = ReadingSettings.from_env({"DUCKDB_THREADS": str(os.cpu_count() or 2)})
    reading = sessions(settings, None)
    source = DroppedFile("", key, "", file.stat().st_size, datetime.now(UTC).isoformat())
    files = [LocalFile(key, file)]
    if destination.channel is Channel.SFTP:
        return DuckDbFeedReader(reading).read(files, source, destination, out)
    return DuckDbAudienceReader(reading, chunk_sizes(settings)).read(files, source, destination, audience, out)
