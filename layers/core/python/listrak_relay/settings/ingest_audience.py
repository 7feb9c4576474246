"""The settings of `ingest_audience`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from listrak_relay.settings.chunk_queues import ChunkQueueSettings
from listrak_relay.settings.environment import ENVIRONMENT, number, required
from listrak_relay.settings.reading import ReadingSettings
from listrak_relay.settings.shared import AwsSettings


@dataclass(frozen=True, slots=True)
class IngestSettings:
    """``large_file_bytes``: a larger file is read in ranges, by the state machine ``ranges_arn``."""

    aws: AwsSettings
    reading: ReadingSettings
    chunk_queues: ChunkQueueSettings
    large_file_bytes: int
    ranges_arn: str

    @classmethod
    def from_env(cls, env: Mapping[str, str] = ENVIRONMENT) -> IngestSettings:
        return cls(
            aws=AwsSettings.from_env(env),
            reading=ReadingSettings.from_env(env),
            chunk_queues=ChunkQueueSettings.from_env(env),
            large_file_bytes=int(number(env, "LARGE_FILE_MB", 3_000, 0.001) * 1_000_000),
            ranges_arn=required(env, "RANGES_STATE_MACHINE_ARN"),
        )
