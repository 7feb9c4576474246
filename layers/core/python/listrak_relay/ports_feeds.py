"""What relaying a feed needs beside `ports`."""

from __future__ import annotations

from typing import Protocol

from listrak_relay.domain.feeds import FeedSettings
from listrak_relay.ports_sftp import SftpGateway


class SftpGateways(Protocol):
    def account(self, secret: str | None) -> str:
        """A word for the account that a secret stands for; None is the stack's own. Safe in keys."""
        ...

    def for_feed(self, secret: str | None, settings: FeedSettings) -> SftpGateway:
        """The server that a destination sends to. Raises ConfigurationError: the secret is missing or wrong."""
        ...
