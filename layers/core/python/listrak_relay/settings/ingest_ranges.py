"""The settings of `ingest_ranges`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from listrak_relay.settings.chunk_queues import ChunkQueueSettings
from listrak_relay.settings.environment import ENVIRONMENT, number
from listrak_relay.settings.reading import ReadingSettings
from listrak_relay.settings.shared import AwsSettings


@dataclass(frozen=True, slots=True)
class RangeSettings:
    """``range_bytes``: wanted size of a range, an even number, since UTF-16 has two bytes a character."""

    aws: AwsSettings
    reading: ReadingSettings
    chunk_queues: ChunkQueueSettings
    range_bytes: int

    @classmethod
    def from_env(cls, env: Mapping[str, str] = ENVIRONMENT) -> RangeSettings:
        return cls(
            aws=AwsSettings.from_env(env),
            reading=ReadingSettings.from_env(env),
            chunk_queues=ChunkQueueSettings.from_env(env, feeds=False),
            range_bytes=int(number(env, "RANGE_MB", 256, 0.001) * 500_000) * 2,
        )
