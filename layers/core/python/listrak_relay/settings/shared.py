"""What several functions work with: queues, buckets, ledger, Listrak."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from listrak_relay.settings.environment import ledger_retention_days, max_receives, number, required


def tracing_is_on(env: Mapping[str, str] = os.environ) -> bool:
    """Off unless it is said to be on. The variable is that of Powertools, of which one word does for both."""
    return env.get("POWERTOOLS_TRACE_DISABLED", "").strip().lower() == "false"


@dataclass(frozen=True, slots=True)
class AwsSettings:
    """What every function works with. ``ledger_retention_days``: how long an item of the ledger is kept.
    ``opt_out_key_secret``: of the key by which opt-outs are remembered, empty for a function that has none to do with.
    """

    work_bucket: str
    ledger_table: str
    ledger_retention_days: int
    close_queue_url: str
    opt_out_key_secret: str = ""

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> AwsSettings:
        return cls(
            work_bucket=required(env, "WORK_BUCKET"),
            ledger_table=required(env, "LEDGER_TABLE"),
            ledger_retention_days=ledger_retention_days(env),
            close_queue_url=required(env, "CLOSE_QUEUE_URL"),
            opt_out_key_secret=env.get("OPT_OUT_KEY_SECRET", "").strip(),
        )


@dataclass(frozen=True, slots=True)
class InboxSettings:
    """The queue that a function takes its messages from. ``max_receives``: the queue's maxReceiveCount."""

    queue_url: str
    dead_letter_queue_url: str
    max_receives: int

    @classmethod
    def from_env(cls, name: str, env: Mapping[str, str] = os.environ) -> InboxSettings:
        """``name``: of the queue, such as ``email``."""
        return cls(
            queue_url=required(env, f"{name.upper()}_QUEUE_URL"),
            dead_letter_queue_url=required(env, f"{name.upper()}_DEAD_LETTER_QUEUE_URL"),
            max_receives=max_receives(env),
        )


@dataclass(frozen=True, slots=True)
class FollowSettings:
    """How imports are followed. ``poll_seconds``: wait before the first question after an import's state."""

    queue_url: str
    poll_seconds: float

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> FollowSettings:
        return cls(required(env, "IMPORT_QUEUE_URL"), number(env, "IMPORT_POLL_SECONDS", 15, 0))


@dataclass(frozen=True, slots=True)
class ChunkQueueSettings:
    """Where the chunks of each channel wait for delivery. ``feed_url`` is empty for a function that reads no feeds."""

    email_url: str
    sms_url: str
    feed_url: str

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ, *, feeds: bool = True) -> ChunkQueueSettings:
        return cls(
            email_url=required(env, "EMAIL_QUEUE_URL"),
            sms_url=required(env, "SMS_QUEUE_URL"),
            feed_url=required(env, "FEED_QUEUE_URL") if feeds else "",
        )


@dataclass(frozen=True, slots=True)
class ListrakSettings:
    """One of Listrak's APIs: addresses without a trailing slash, the channel's own secret. Time-outs in seconds."""

    auth_url: str
    base_url: str
    secret: str
    connect_timeout: float
    read_timeout: float

    @classmethod
    def from_env(cls, api: str, env: Mapping[str, str] = os.environ) -> ListrakSettings:
        """``api``: ``email`` or ``sms``."""
        base_url = env.get(f"LISTRAK_{api.upper()}_URL", "").strip() or f"https://api.listrak.com/{api}/v1"
        return cls(
            auth_url=env.get("LISTRAK_AUTH_URL", "").strip() or "https://auth.listrak.com/OAuth2/Token",
            base_url=base_url.rstrip("/"),
            secret=required(env, f"LISTRAK_{api.upper()}_SECRET"),
            connect_timeout=number(env, "LISTRAK_CONNECT_TIMEOUT_SECONDS", 10, 0.1),
            read_timeout=number(env, "LISTRAK_READ_TIMEOUT_SECONDS", 120, 0.1),
        )
