"""Of the functions that close runs and collect opt-outs."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass

from listrak_relay.errors import ConfigurationError
from listrak_relay.settings.environment import (
    import_deadline,
    ledger_retention_days,
    max_receives,
    number,
    required,
    sms_calls_per_second,
    sms_connections,
    turn_limit,
)
from listrak_relay.settings.shared import AwsSettings, ChunkQueueSettings, ListrakSettings

BESIDE_THE_IMPORT_SECONDS = 24 * 3600
"""Of a run: twelve hours of waiting before an import is begun, six for reading its results, six for what fails
meanwhile and is tried again."""


@dataclass(frozen=True, slots=True)
class CollectSettings:
    """``opt_out_bucket``: which those who send the files may read. ``kept_days``: how long a file is kept there.
    ``connections``, ``calls_per_second``: of SMS calls, as `DeliverSmsSettings` has them.
    """

    work_bucket: str
    opt_out_bucket: str
    ledger_table: str
    ledger_retention_days: int
    email: ListrakSettings
    sms: ListrakSettings
    kept_days: int
    connections: int
    calls_per_second: int

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> CollectSettings:
        return cls(
            work_bucket=required(env, "WORK_BUCKET"),
            opt_out_bucket=required(env, "OPT_OUT_BUCKET"),
            ledger_table=required(env, "LEDGER_TABLE"),
            ledger_retention_days=ledger_retention_days(env),
            email=ListrakSettings.from_env("email", env),
            sms=ListrakSettings.from_env("sms", env),
            kept_days=int(number(env, "OPT_OUT_RETENTION_DAYS", 30, 1)),
            connections=sms_connections(env),
            calls_per_second=sms_calls_per_second(env),
        )


@dataclass(frozen=True, slots=True)
class CloseSettings:
    """``run_deadline``: seconds from its turn until a run that has not ended is closed for what it is. ``turn_limit``:
    seconds that a run waits for older ones. ``stack``: its name."""

    aws: AwsSettings
    chunk_queues: ChunkQueueSettings
    stack: str
    topic_arn: str
    event_bus: str
    run_deadline: float
    turn_limit: float
    max_receives: int

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> CloseSettings:
        """Raises ConfigurationError: what runs need would expire before they have to end (code ``setting_invalid``)."""
        deadline, waits = import_deadline(env) + BESIDE_THE_IMPORT_SECONDS, turn_limit(env)
        longest, kept_days = deadline + waits, number(env, "WORK_RETENTION_DAYS", 14, 1)
        if longest > kept_days * 86_400:
            raise ConfigurationError(
                "setting_invalid",
                f"runs may last {longest / 3600:g} hours (OrderWaitHours, ImportDeadlineHours and a day), but what "
                f"they need is kept for WorkRetentionDays={kept_days:g}; set that to {math.ceil(longest / 86_400)} "
                "or more",
            )
        return cls(
            aws=AwsSettings.from_env(env),
            chunk_queues=ChunkQueueSettings.from_env(env),
            stack=required(env, "POWERTOOLS_SERVICE_NAME"),
            topic_arn=required(env, "TOPIC_ARN"),
            event_bus=env.get("EVENT_BUS", "").strip() or "default",
            run_deadline=deadline,
            turn_limit=waits,
            max_receives=max_receives(env),
        )
