"""The settings of `deliver_email`, `deliver_sms`, `monitor_import` and `relay_feed`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from listrak_relay.settings.environment import ENVIRONMENT, number, required
from listrak_relay.settings.shared import (
    AwsSettings,
    FollowSettings,
    InboxSettings,
    ListrakSettings,
    import_deadline_of,
)


@dataclass(frozen=True, slots=True)
class DeliverEmailSettings:
    """``small_chunk_rows``: chunks with fewer rows go contact by contact.

    ``unknown_outcome_wait``: seconds from the begin of an attempt until an import that Listrak does not list counts as
    not sent; an upload that lasts longer is broken off.
    """

    aws: AwsSettings
    inbox: InboxSettings
    follow: FollowSettings
    listrak: ListrakSettings
    small_chunk_rows: int
    unknown_outcome_wait: float

    @classmethod
    def from_env(cls, env: Mapping[str, str] = ENVIRONMENT) -> DeliverEmailSettings:
        return cls(
            aws=AwsSettings.from_env(env),
            inbox=InboxSettings.from_env("email", env),
            follow=FollowSettings.from_env(env),
            listrak=ListrakSettings.from_env("email", env),
            small_chunk_rows=max(2, int(number(env, "SMALL_CHUNK_ROWS", 50, 2))),
            unknown_outcome_wait=number(env, "UNKNOWN_OUTCOME_WAIT_SECONDS", 900, 1),
        )


@dataclass(frozen=True, slots=True)
class DeliverSmsSettings:
    """``connections``: calls of one function under way at once. ``calls_per_second``: of all functions of the stack.
    ``calls_between_saves``: after so many a chunk's progress is saved.
    """

    aws: AwsSettings
    inbox: InboxSettings
    follow: FollowSettings
    listrak: ListrakSettings
    connections: int
    calls_per_second: int
    calls_between_saves: int = 1_000

    @classmethod
    def from_env(cls, env: Mapping[str, str] = ENVIRONMENT) -> DeliverSmsSettings:
        return cls(
            aws=AwsSettings.from_env(env),
            inbox=InboxSettings.from_env("sms", env),
            follow=FollowSettings.from_env(env),
            listrak=ListrakSettings.from_env("sms", env),
            connections=int(number(env, "SMS_CONNECTIONS", 32, 1)),
            calls_per_second=int(number(env, "SMS_CALLS_PER_SECOND", 1_000, 1)),
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
    def from_env(cls, env: Mapping[str, str] = ENVIRONMENT) -> MonitorSettings:
        return cls(
            aws=AwsSettings.from_env(env),
            inbox=InboxSettings.from_env("import", env),
            follow=FollowSettings.from_env(env),
            email=ListrakSettings.from_env("email", env),
            sms=ListrakSettings.from_env("sms", env),
            import_deadline=import_deadline_of(env),
        )


@dataclass(frozen=True, slots=True)
class RelayFeedSettings:
    """``sftp_secret``: name or ARN of the stack's own SFTP account."""

    aws: AwsSettings
    inbox: InboxSettings
    sftp_secret: str

    @classmethod
    def from_env(cls, env: Mapping[str, str] = ENVIRONMENT) -> RelayFeedSettings:
        return cls(
            aws=AwsSettings.from_env(env),
            inbox=InboxSettings.from_env("feed", env),
            sftp_secret=required(env, "LISTRAK_SFTP_SECRET"),
        )
