"""Environment → one frozen dataclass per function. The only reader of `os.environ` in this package."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from listrak_relay.domain.run.manifest import LARGEST_CHUNK_BYTES
from listrak_relay.errors import ConfigurationError


def _required(env: Mapping[str, str], name: str) -> str:
    value = env.get(name, "").strip()
    if not value:
        raise ConfigurationError(
            "setting_missing", f"environment variable {name} is missing or empty; set it in template.yaml"
        )
    return value


def _number(env: Mapping[str, str], name: str, default: float, minimum: float) -> float:
    text = env.get(name, "").strip() or str(default)
    try:
        value = float(text)
    except ValueError:
        raise ConfigurationError("setting_invalid", f"environment variable {name} must be a number") from None
    if not value >= minimum:
        raise ConfigurationError("setting_invalid", f"environment variable {name} must be at least {minimum:g}")
    return value


def _max_receives(env: Mapping[str, str]) -> int:
    """The queues' maxReceiveCount."""
    return int(_number(env, "MAX_RECEIVES", 10, 1))


def _import_poll_seconds(env: Mapping[str, str]) -> float:
    return _number(env, "IMPORT_POLL_SECONDS", 15, 0)


def _import_deadline(env: Mapping[str, str]) -> float:
    """Seconds."""
    return _number(env, "IMPORT_DEADLINE_HOURS", 24, 0.001) * 3600


def tracing_is_on(env: Mapping[str, str] = os.environ) -> bool:
    """Off unless it is said to be on. The variable is that of Powertools, of which one word does for both."""
    return env.get("POWERTOOLS_TRACE_DISABLED", "").strip().lower() == "false"


@dataclass(frozen=True, slots=True)
class AwsSettings:
    """What every function works with."""

    work_bucket: str
    ledger_table: str
    ledger_retention_days: int

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> AwsSettings:
        return cls(
            work_bucket=_required(env, "WORK_BUCKET"),
            ledger_table=_required(env, "LEDGER_TABLE"),
            ledger_retention_days=int(_number(env, "LEDGER_RETENTION_DAYS", 90, 1)),
        )


@dataclass(frozen=True, slots=True)
class ReadingSettings:
    """How files are read. ``max_chunk_bytes``: bytes of a chunk file, at most `LARGEST_CHUNK_BYTES`.

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
    def from_env(cls, env: Mapping[str, str] = os.environ) -> ReadingSettings:
        return cls(
            max_chunk_bytes=min(LARGEST_CHUNK_BYTES, int(_number(env, "MAX_CHUNK_BYTES", 180_000_000, 1_000))),
            one_by_one_rows=int(_number(env, "ONE_BY_ONE_ROWS", 1_000, 1)),
            sms_chunk_rows=int(_number(env, "SMS_CHUNK_ROWS", 5_000, 1)),
            memory_limit_mb=int(_number(env, "DUCKDB_MEMORY_MB", 1_250, 128)),
            threads=int(_number(env, "DUCKDB_THREADS", 2, 1)),
            unpacked_limit_bytes=int(_number(env, "TMP_MB", 10_240, 512)) * 1_000_000 // 3,
        )


@dataclass(frozen=True, slots=True)
class IngestSettings:
    """``large_file_bytes``: a larger file is read in ranges, by the state machine ``ranges_arn``."""

    aws: AwsSettings
    reading: ReadingSettings
    email_queue_url: str
    feed_queue_url: str
    sms_queue_url: str
    close_queue_url: str
    large_file_bytes: int
    ranges_arn: str

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> IngestSettings:
        return cls(
            aws=AwsSettings.from_env(env),
            reading=ReadingSettings.from_env(env),
            email_queue_url=_required(env, "EMAIL_QUEUE_URL"),
            feed_queue_url=_required(env, "FEED_QUEUE_URL"),
            sms_queue_url=_required(env, "SMS_QUEUE_URL"),
            close_queue_url=_required(env, "CLOSE_QUEUE_URL"),
            large_file_bytes=int(_number(env, "LARGE_FILE_MB", 3_000, 0.001) * 1_000_000),
            ranges_arn=_required(env, "RANGES_STATE_MACHINE_ARN"),
        )


@dataclass(frozen=True, slots=True)
class RangeSettings:
    """``range_bytes``: wanted size of a range, an even number, since UTF-16 has two bytes a character."""

    aws: AwsSettings
    reading: ReadingSettings
    email_queue_url: str
    sms_queue_url: str
    close_queue_url: str
    range_bytes: int

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> RangeSettings:
        return cls(
            aws=AwsSettings.from_env(env),
            reading=ReadingSettings.from_env(env),
            email_queue_url=_required(env, "EMAIL_QUEUE_URL"),
            sms_queue_url=_required(env, "SMS_QUEUE_URL"),
            close_queue_url=_required(env, "CLOSE_QUEUE_URL"),
            range_bytes=int(_number(env, "RANGE_MB", 256, 0.001) * 500_000) * 2,
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
            secret=_required(env, f"LISTRAK_{api.upper()}_SECRET"),
            connect_timeout=_number(env, "LISTRAK_CONNECT_TIMEOUT_SECONDS", 10, 0.1),
            read_timeout=_number(env, "LISTRAK_READ_TIMEOUT_SECONDS", 120, 0.1),
        )


@dataclass(frozen=True, slots=True)
class DeliverSettings:
    """``unknown_outcome_wait``: seconds from the begin of an attempt until an import that Listrak does not list
    counts as not sent; an upload that lasts longer is broken off.

    ``import_poll_seconds``: wait before the first question after an import's state.
    ``small_chunk_rows``: chunks with fewer rows go contact by contact. ``max_receives``: the queue's maxReceiveCount.
    """

    aws: AwsSettings
    email_queue_url: str
    email_dead_letter_queue_url: str
    import_queue_url: str
    close_queue_url: str
    listrak: ListrakSettings
    small_chunk_rows: int
    unknown_outcome_wait: float
    import_poll_seconds: float
    max_receives: int

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> DeliverSettings:
        return cls(
            aws=AwsSettings.from_env(env),
            email_queue_url=_required(env, "EMAIL_QUEUE_URL"),
            email_dead_letter_queue_url=_required(env, "EMAIL_DEAD_LETTER_QUEUE_URL"),
            import_queue_url=_required(env, "IMPORT_QUEUE_URL"),
            close_queue_url=_required(env, "CLOSE_QUEUE_URL"),
            listrak=ListrakSettings.from_env("email", env),
            small_chunk_rows=max(2, int(_number(env, "SMALL_CHUNK_ROWS", 50, 2))),
            unknown_outcome_wait=_number(env, "UNKNOWN_OUTCOME_WAIT_SECONDS", 900, 1),
            import_poll_seconds=_import_poll_seconds(env),
            max_receives=_max_receives(env),
        )


@dataclass(frozen=True, slots=True)
class DeliverSmsSettings:
    """``connections``: calls of one function under way at once. ``calls_per_second``: of all functions of the stack.

    ``import_poll_seconds``: wait before the first question after an import's state. ``max_receives``: the queue's
    maxReceiveCount.
    """

    aws: AwsSettings
    sms_queue_url: str
    sms_dead_letter_queue_url: str
    import_queue_url: str
    close_queue_url: str
    listrak: ListrakSettings
    connections: int
    calls_per_second: int
    import_poll_seconds: float
    max_receives: int

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> DeliverSmsSettings:
        return cls(
            aws=AwsSettings.from_env(env),
            sms_queue_url=_required(env, "SMS_QUEUE_URL"),
            sms_dead_letter_queue_url=_required(env, "SMS_DEAD_LETTER_QUEUE_URL"),
            import_queue_url=_required(env, "IMPORT_QUEUE_URL"),
            close_queue_url=_required(env, "CLOSE_QUEUE_URL"),
            listrak=ListrakSettings.from_env("sms", env),
            connections=int(_number(env, "SMS_CONNECTIONS", 32, 1)),
            calls_per_second=int(_number(env, "SMS_CALLS_PER_SECOND", 1_000, 1)),
            import_poll_seconds=_import_poll_seconds(env),
            max_receives=_max_receives(env),
        )


@dataclass(frozen=True, slots=True)
class MonitorSettings:
    """``import_deadline``: seconds from submission until an unfinished import counts as stalled."""

    aws: AwsSettings
    import_queue_url: str
    import_dead_letter_queue_url: str
    close_queue_url: str
    email: ListrakSettings
    sms: ListrakSettings
    import_poll_seconds: float
    import_deadline: float
    max_receives: int

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> MonitorSettings:
        return cls(
            aws=AwsSettings.from_env(env),
            import_queue_url=_required(env, "IMPORT_QUEUE_URL"),
            import_dead_letter_queue_url=_required(env, "IMPORT_DEAD_LETTER_QUEUE_URL"),
            close_queue_url=_required(env, "CLOSE_QUEUE_URL"),
            email=ListrakSettings.from_env("email", env),
            sms=ListrakSettings.from_env("sms", env),
            import_poll_seconds=_import_poll_seconds(env),
            import_deadline=_import_deadline(env),
            max_receives=_max_receives(env),
        )


@dataclass(frozen=True, slots=True)
class RelaySettings:
    """``sftp_secret``: name or ARN of the stack's own SFTP account."""

    aws: AwsSettings
    feed_queue_url: str
    feed_dead_letter_queue_url: str
    close_queue_url: str
    sftp_secret: str
    max_receives: int

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> RelaySettings:
        return cls(
            aws=AwsSettings.from_env(env),
            feed_queue_url=_required(env, "FEED_QUEUE_URL"),
            feed_dead_letter_queue_url=_required(env, "FEED_DEAD_LETTER_QUEUE_URL"),
            close_queue_url=_required(env, "CLOSE_QUEUE_URL"),
            sftp_secret=_required(env, "LISTRAK_SFTP_SECRET"),
            max_receives=_max_receives(env),
        )


@dataclass(frozen=True, slots=True)
class CloseSettings:
    """``run_deadline``: seconds from opening until a run that has not ended is closed for what it is."""

    aws: AwsSettings
    email_queue_url: str
    feed_queue_url: str
    sms_queue_url: str
    close_queue_url: str
    topic_arn: str
    event_bus: str
    run_deadline: float
    max_receives: int

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> CloseSettings:
        return cls(
            aws=AwsSettings.from_env(env),
            email_queue_url=_required(env, "EMAIL_QUEUE_URL"),
            feed_queue_url=_required(env, "FEED_QUEUE_URL"),
            sms_queue_url=_required(env, "SMS_QUEUE_URL"),
            close_queue_url=_required(env, "CLOSE_QUEUE_URL"),
            topic_arn=_required(env, "TOPIC_ARN"),
            event_bus=env.get("EVENT_BUS", "").strip() or "default",
            run_deadline=_import_deadline(env) + 12 * 3600,
            max_receives=_max_receives(env),
        )
