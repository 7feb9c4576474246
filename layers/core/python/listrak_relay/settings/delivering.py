"""Of the functions that send, and of the one that follows what was sent."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from listrak_relay.domain.delivery.hashed_contacts import BYTES_EACH
from listrak_relay.domain.run.manifest import LARGEST_CHUNK_BYTES
from listrak_relay.settings.environment import (
    function_memory_mb,
    import_deadline,
    max_import_attempts,
    number,
    required,
    sms_calls_per_second,
    sms_connections,
    turn_limit,
)
from listrak_relay.settings.shared import AwsSettings, FollowSettings, InboxSettings, ListrakSettings

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
            small_chunk_rows=max(2, int(number(env, "SMALL_CHUNK_ROWS", 50, 2))),
            unknown_outcome_wait=number(env, "UNKNOWN_OUTCOME_WAIT_SECONDS", 900, 1),
            turn_limit=turn_limit(env),
            max_import_attempts=max_import_attempts(env),
            import_deadline=import_deadline(env),
            mirror_contacts=int((function_memory_mb(env, 1_769) - BESIDE_CONTACTS_MB) * 1_000_000 / BYTES_EACH),
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
            connections=sms_connections(env),
            calls_per_second=sms_calls_per_second(env),
            turn_limit=turn_limit(env),
            max_import_attempts=max_import_attempts(env),
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
            import_deadline=import_deadline(env),
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
            sftp_secret=required(env, "LISTRAK_SFTP_SECRET"),
        )
