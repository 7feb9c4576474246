"""The readers as the functions have them by default, but for PGP keys."""

from __future__ import annotations

from listrak_relay.adapters.duckdb.audience_reader import DuckDbAudienceReader
from listrak_relay.adapters.duckdb.range_reader import DuckDbRangeReader
from listrak_relay.settings.reading import ReadingSettings
from listrak_relay.wiring.reading import chunk_sizes, sessions

SETTINGS = ReadingSettings.from_env({})


def default_audience_reader() -> DuckDbAudienceReader:
    return DuckDbAudienceReader(sessions(SETTINGS, None), chunk_sizes(SETTINGS))


def default_range_reader() -> DuckDbRangeReader:
    return DuckDbRangeReader(sessions(SETTINGS, None), chunk_sizes(SETTINGS))
