"""The settings of `close_run`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from listrak_relay.settings.chunk_queues import ChunkQueueSettings
from listrak_relay.settings.environment import ENVIRONMENT, required
from listrak_relay.settings.queues import max_receives_of
from listrak_relay.settings.shared import AwsSettings, import_deadline_of


@dataclass(frozen=True, slots=True)
class CloseSettings:
    """``run_deadline``: seconds from opening until a run that has not ended is closed for what it is."""

    aws: AwsSettings
    chunk_queues: ChunkQueueSettings
    topic_arn: str
    event_bus: str
    run_deadline: float
    max_receives: int

    @classmethod
    def from_env(cls, env: Mapping[str, str] = ENVIRONMENT) -> CloseSettings:
        return cls(
            aws=AwsSettings.from_env(env),
            chunk_queues=ChunkQueueSettings.from_env(env),
            topic_arn=required(env, "TOPIC_ARN"),
            event_bus=env.get("EVENT_BUS", "").strip() or "default",
            run_deadline=import_deadline_of(env) + 12 * 3600,
            max_receives=max_receives_of(env),
        )
