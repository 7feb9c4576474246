"""The settings of `relay_feed`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from listrak_relay.settings.environment import ENVIRONMENT, required
from listrak_relay.settings.queues import InboxSettings
from listrak_relay.settings.shared import AwsSettings


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
