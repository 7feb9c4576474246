"""Where chunks wait, for the functions that send them there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from listrak_relay.settings.environment import ENVIRONMENT, required


@dataclass(frozen=True, slots=True)
class ChunkQueueSettings:
    """Where the chunks of each channel wait for delivery. ``feed_url`` is empty for a function that reads no feeds."""

    email_url: str
    sms_url: str
    feed_url: str

    @classmethod
    def from_env(cls, env: Mapping[str, str] = ENVIRONMENT, *, feeds: bool = True) -> ChunkQueueSettings:
        return cls(
            email_url=required(env, "EMAIL_QUEUE_URL"),
            sms_url=required(env, "SMS_QUEUE_URL"),
            feed_url=required(env, "FEED_QUEUE_URL") if feeds else "",
        )
