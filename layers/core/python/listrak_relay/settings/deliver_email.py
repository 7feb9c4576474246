"""The settings of `deliver_email`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from listrak_relay.settings.environment import ENVIRONMENT, number
from listrak_relay.settings.listrak import ListrakSettings
from listrak_relay.settings.queues import FollowSettings, InboxSettings
from listrak_relay.settings.shared import AwsSettings


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
