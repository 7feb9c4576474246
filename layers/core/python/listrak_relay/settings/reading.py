"""How files are read, whole and in ranges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from listrak_relay.settings.environment import ENVIRONMENT, number


@dataclass(frozen=True, slots=True)
class ReadingSettings:
    """How files are read. ``max_chunk_bytes``: bytes of a chunk file, at most 195,000,000 (Listrak's limit for one
    import).

    ``one_by_one_rows``: rows in a chunk when contacts must go one by one, so that one message ends well inside a
    time-out.
    ``sms_chunk_rows``: rows in a chunk of an SMS run. ``memory_limit_mb``: DuckDB's own limit.
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
    def from_env(cls, env: Mapping[str, str] = ENVIRONMENT) -> ReadingSettings:
        return cls(
            max_chunk_bytes=min(195_000_000, int(number(env, "MAX_CHUNK_BYTES", 180_000_000, 1_000))),
            one_by_one_rows=int(number(env, "ONE_BY_ONE_ROWS", 1_000, 1)),
            sms_chunk_rows=int(number(env, "SMS_CHUNK_ROWS", 5_000, 1)),
            memory_limit_mb=int(number(env, "DUCKDB_MEMORY_MB", 1_250, 128)),
            threads=int(number(env, "DUCKDB_THREADS", 2, 1)),
            unpacked_limit_bytes=int(number(env, "TMP_MB", 10_240, 512)) * 1_000_000 // 3,
        )
