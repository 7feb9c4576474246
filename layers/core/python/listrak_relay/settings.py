"""Environment → one frozen dataclass per function. The only reader of `os.environ` in this package."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass

from listrak_relay.domain.delivery.hashed_contacts import BYTES_EACH
from listrak_relay.domain.run.manifest import LARGEST_CHUNK_BYTES
from listrak_relay.errors import ConfigurationError


def _required(env: Mapping[str, str], name: str) -> str:
    """Raises ConfigurationError: it is missing or blank (code ``setting_missing``)."""
    value = env.get(name, "").strip()
    if not value:
        raise ConfigurationError(
            "setting_missing", f"environment variable {name} is missing or empty; set it in template.yaml"
        )
    return value


def _number(env: Mapping[str, str], name: str, default: float, minimum: float) -> float:
    """``default``: where it is missing or blank. Raises ConfigurationError: it is no number, or less than ``minimum``
    (code ``setting_invalid``)."""
    text = env.get(name, "").strip() or str(default)
    try:
        value = float(text)
    except ValueError:
        raise ConfigurationError("setting_invalid", f"environment variable {name} must be a number") from None
    if not value >= minimum:
        raise ConfigurationError("setting_invalid", f"environment variable {name} must be at least {minimum:g}")
    return value


def _function_memory_mb(env: Mapping[str, str], usual: float) -> float:
    """Of the function, as Lambda says; ``usual``: where nothing says so."""
    return _number(env, "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", usual, 1)


def _max_receives(env: Mapping[str, str]) -> int:
    """After how many receives a queue moves a message to its dead-letter queue."""
    return int(_number(env, "MAX_RECEIVES", 10, 1))


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
            queue_url=_required(env, f"{name.upper()}_QUEUE_URL"),
            dead_letter_queue_url=_required(env, f"{name.upper()}_DEAD_LETTER_QUEUE_URL"),
            max_receives=_max_receives(env),
        )


@dataclass(frozen=True, slots=True)
class FollowSettings:
    """How imports are followed. ``poll_seconds``: wait before the first question after an import's state."""

    queue_url: str
    poll_seconds: float

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> FollowSettings:
        return cls(_required(env, "IMPORT_QUEUE_URL"), _number(env, "IMPORT_POLL_SECONDS", 15, 0))


def _turn_limit(env: Mapping[str, str]) -> float:
    """Seconds that a run waits for older ones of its list."""
    return _number(env, "ORDER_WAIT_HOURS", 24, 0) * 3600


def _max_import_attempts(env: Mapping[str, str]) -> int:
    return int(_number(env, "MAX_IMPORT_ATTEMPTS", 10, 1))


def _import_deadline(env: Mapping[str, str]) -> float:
    """Seconds from its start until an import that has not ended counts as stalled."""
    return _number(env, "IMPORT_DEADLINE_HOURS", 24, 0.001) * 3600


def _ledger_retention_days(env: Mapping[str, str]) -> int:
    return int(_number(env, "LEDGER_RETENTION_DAYS", 90, 1))


def _sms_connections(env: Mapping[str, str]) -> int:
    """Calls of one function under way at once."""
    return int(_number(env, "SMS_CONNECTIONS", 32, 1))


def _sms_calls_per_second(env: Mapping[str, str]) -> int:
    """Of all functions of the stack."""
    return int(_number(env, "SMS_CALLS_PER_SECOND", 1_000, 1))


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
            work_bucket=_required(env, "WORK_BUCKET"),
            ledger_table=_required(env, "LEDGER_TABLE"),
            ledger_retention_days=_ledger_retention_days(env),
            close_queue_url=_required(env, "CLOSE_QUEUE_URL"),
            opt_out_key_secret=env.get("OPT_OUT_KEY_SECRET", "").strip(),
        )


@dataclass(frozen=True, slots=True)
class ChunkQueueSettings:
    """Where the chunks of each channel wait for delivery. ``feed_url`` is empty for a function that reads no feeds."""

    email_url: str
    sms_url: str
    feed_url: str

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ, *, feeds: bool = True) -> ChunkQueueSettings:
        return cls(
            email_url=_required(env, "EMAIL_QUEUE_URL"),
            sms_url=_required(env, "SMS_QUEUE_URL"),
            feed_url=_required(env, "FEED_QUEUE_URL") if feeds else "",
        )


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
            max_chunk_bytes=min(LARGEST_CHUNK_BYTES, int(_number(env, "MAX_CHUNK_BYTES", 180_000_000, 1_000))),
            one_by_one_rows=int(_number(env, "ONE_BY_ONE_ROWS", 1_000, 1)),
            sms_chunk_rows=int(_number(env, "SMS_CHUNK_ROWS", 5_000, 1)),
            memory_limit_mb=int(_function_memory_mb(env, 3_008) * _DUCKDB_SHARE),
            threads=int(_number(env, "DUCKDB_THREADS", 2, 1)),
            unpacked_limit_bytes=int(_number(env, "TMP_MB", 10_240, 512)) * 1_000_000 // 3,
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
            large_file_bytes=int(_number(env, "LARGE_FILE_MB", 3_000, 0.001) * 1_000_000),
            ranges_arn=_required(env, "RANGES_STATE_MACHINE_ARN"),
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


BESIDE_CONTACTS_MB = 300
"""For what deliver_email takes beside the addresses of a mirror run: itself, a page of the list, those who leave. Twice
what `make bench ARGS=mirror` measures."""


@dataclass(frozen=True, slots=True)
class DeliverEmailSettings:
    """``small_chunk_rows``: chunks with fewer rows go contact by contact.

    ``unknown_outcome_wait``: seconds from the begin of an attempt until an import that Listrak does not list counts as
    not sent; an upload that lasts longer is broken off. ``turn_limit``: seconds that a run waits for older ones.
    ``max_import_attempts``: imports of one chunk that are begun until it is set aside. ``import_deadline``: seconds
    that an import has which takes marks. ``mirror_contacts``: people of a mirror run's file who fit into memory, beside
    what the function takes anyway. ``most_leavers_bytes``: of those who leave, as one import; ``leavers_in_memory`` of
    them are written down as a part.
    """

    aws: AwsSettings
    inbox: InboxSettings
    follow: FollowSettings
    listrak: ListrakSettings
    small_chunk_rows: int
    unknown_outcome_wait: float
    turn_limit: float
    max_import_attempts: int
    import_deadline: float
    mirror_contacts: int
    most_leavers_bytes: int = LARGEST_CHUNK_BYTES
    leavers_in_memory: int = 500_000

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> DeliverEmailSettings:
        return cls(
            aws=AwsSettings.from_env(env),
            inbox=InboxSettings.from_env("email", env),
            follow=FollowSettings.from_env(env),
            listrak=ListrakSettings.from_env("email", env),
            small_chunk_rows=max(2, int(_number(env, "SMALL_CHUNK_ROWS", 50, 2))),
            unknown_outcome_wait=_number(env, "UNKNOWN_OUTCOME_WAIT_SECONDS", 900, 1),
            turn_limit=_turn_limit(env),
            max_import_attempts=_max_import_attempts(env),
            import_deadline=_import_deadline(env),
            mirror_contacts=int((_function_memory_mb(env, 1_769) - BESIDE_CONTACTS_MB) * 1_000_000 / BYTES_EACH),
        )


@dataclass(frozen=True, slots=True)
class DeliverSmsSettings:
    """``connections``: calls of one function under way at once. ``calls_per_second``: of all functions of the stack.
    ``turn_limit``: seconds that a run waits for older ones. ``calls_between_saves``: after so many a chunk's progress
    is saved. ``max_import_attempts``: as that of email.
    """

    aws: AwsSettings
    inbox: InboxSettings
    follow: FollowSettings
    listrak: ListrakSettings
    connections: int
    calls_per_second: int
    turn_limit: float
    max_import_attempts: int
    calls_between_saves: int = 1_000

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> DeliverSmsSettings:
        return cls(
            aws=AwsSettings.from_env(env),
            inbox=InboxSettings.from_env("sms", env),
            follow=FollowSettings.from_env(env),
            listrak=ListrakSettings.from_env("sms", env),
            connections=_sms_connections(env),
            calls_per_second=_sms_calls_per_second(env),
            turn_limit=_turn_limit(env),
            max_import_attempts=_max_import_attempts(env),
        )


@dataclass(frozen=True, slots=True)
class MonitorSettings:
    """``import_deadline``: seconds from submission until an unfinished import counts as stalled."""

    aws: AwsSettings
    inbox: InboxSettings
    follow: FollowSettings
    email: ListrakSettings
    sms: ListrakSettings
    import_deadline: float

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> MonitorSettings:
        return cls(
            aws=AwsSettings.from_env(env),
            inbox=InboxSettings.from_env("import", env),
            follow=FollowSettings.from_env(env),
            email=ListrakSettings.from_env("email", env),
            sms=ListrakSettings.from_env("sms", env),
            import_deadline=_import_deadline(env),
        )


@dataclass(frozen=True, slots=True)
class RelayFeedSettings:
    """``sftp_secret``: name or ARN of the stack's own SFTP account."""

    aws: AwsSettings
    inbox: InboxSettings
    sftp_secret: str

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> RelayFeedSettings:
        return cls(
            aws=AwsSettings.from_env(env),
            inbox=InboxSettings.from_env("feed", env),
            sftp_secret=_required(env, "LISTRAK_SFTP_SECRET"),
        )


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
            work_bucket=_required(env, "WORK_BUCKET"),
            opt_out_bucket=_required(env, "OPT_OUT_BUCKET"),
            ledger_table=_required(env, "LEDGER_TABLE"),
            ledger_retention_days=_ledger_retention_days(env),
            email=ListrakSettings.from_env("email", env),
            sms=ListrakSettings.from_env("sms", env),
            kept_days=int(_number(env, "OPT_OUT_RETENTION_DAYS", 30, 1)),
            connections=_sms_connections(env),
            calls_per_second=_sms_calls_per_second(env),
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
        deadline, turn_limit = _import_deadline(env) + BESIDE_THE_IMPORT_SECONDS, _turn_limit(env)
        longest, kept_days = deadline + turn_limit, _number(env, "WORK_RETENTION_DAYS", 14, 1)
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
            stack=_required(env, "POWERTOOLS_SERVICE_NAME"),
            topic_arn=_required(env, "TOPIC_ARN"),
            event_bus=env.get("EVENT_BUS", "").strip() or "default",
            run_deadline=deadline,
            turn_limit=turn_limit,
            max_receives=_max_receives(env),
        )
