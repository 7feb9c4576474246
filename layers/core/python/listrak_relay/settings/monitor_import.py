"""The settings of `monitor_import`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from listrak_relay.settings.environment import ENVIRONMENT
from listrak_relay.settings.listrak import ListrakSettings
from listrak_relay.settings.queues import FollowSettings, InboxSettings
from listrak_relay.settings.shared import AwsSettings, import_deadline_of


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
