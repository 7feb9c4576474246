"""The settings of `deliver_sms`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from listrak_relay.settings.environment import ENVIRONMENT, number
from listrak_relay.settings.listrak import ListrakSettings
from listrak_relay.settings.queues import FollowSettings, InboxSettings
from listrak_relay.settings.shared import AwsSettings


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
