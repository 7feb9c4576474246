"""Of the functions that read dropped files."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from listrak_relay.domain.run.manifest import LARGEST_CHUNK_BYTES
from listrak_relay.settings.environment import function_memory_mb, number, required
from listrak_relay.settings.shared import AwsSettings, ChunkQueueSettings

_DUCKDB_SHARE = 1_250 / 3_008
"""Of the function's memory; at the usual size docs/performance.md has what the whole function takes."""


@dataclass(frozen=True, slots=True)
class ReadingSettings:
    """How files are read. ``max_chunk_bytes``: bytes of a chunk file, at most `LARGEST_CHUNK_BYTES`.

    ``one_by_one_rows``: rows in a chunk when contacts must go one by one, so that one message ends well inside a
    time-out.
    ``sms_chunk_rows``: rows in a chunk of an SMS run. ``memory_limit_mb``: DuckDB's own limit, in
    proportion to the function's memory: with the least that leaves room for what Python takes beside it.
    ``unpacked_limit_bytes``: of all that one drop unpacks to, a third of the disk: beside it lie what is being read and
    what has been written.
    """

    max_chunk_bytes: int
    one_by_one_rows: int
    sms_chunk_rows: int
    memory_limit_mb: int
    threads: int
    unpacked_limit_bytes: int

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> ReadingSettings:
        return cls(
            max_chunk_bytes=min(LARGEST_CHUNK_BYTES, int(number(env, "MAX_CHUNK_BYTES", 180_000_000, 1_000))),
            one_by_one_rows=int(number(env, "ONE_BY_ONE_ROWS", 1_000, 1)),
            sms_chunk_rows=int(number(env, "SMS_CHUNK_ROWS", 5_000, 1)),
            memory_limit_mb=int(function_memory_mb(env, 3_008) * _DUCKDB_SHARE),
            threads=int(number(env, "DUCKDB_THREADS", 2, 1)),
            unpacked_limit_bytes=int(number(env, "TMP_MB", 10_240, 512)) * 1_000_000 // 3,
        )


@dataclass(frozen=True, slots=True)
class IngestSettings:
    """``large_file_bytes``: a larger file is read in ranges, by the state machine ``ranges_arn``."""

    aws: AwsSettings
    reading: ReadingSettings
    chunk_queues: ChunkQueueSettings
    large_file_bytes: int
    ranges_arn: str

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> IngestSettings:
        return cls(
            aws=AwsSettings.from_env(env),
            reading=ReadingSettings.from_env(env),
            chunk_queues=ChunkQueueSettings.from_env(env),
            large_file_bytes=int(number(env, "LARGE_FILE_MB", 3_000, 0.001) * 1_000_000),
            ranges_arn=required(env, "RANGES_STATE_MACHINE_ARN"),
        )


@dataclass(frozen=True, slots=True)
class RangeSettings:
    """``range_bytes``: wanted size of a range, an even number, since UTF-16 has two bytes a character."""

    aws: AwsSettings
    reading: ReadingSettings
    chunk_queues: ChunkQueueSettings
    range_bytes: int

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> RangeSettings:
        return cls(
            aws=AwsSettings.from_env(env),
            reading=ReadingSettings.from_env(env),
            chunk_queues=ChunkQueueSettings.from_env(env, feeds=False),
            range_bytes=int(number(env, "RANGE_MB", 256, 0.001) * 500_000) * 2,
        )
