"""SFTP servers by secret: `ports.sftp.SftpGateways`."""

from __future__ import annotations

from listrak_relay.adapters.sftp.gateway import ParamikoSftp
from listrak_relay.domain.destinations.feed_settings import FeedSettings
from listrak_relay.domain.feeds.sftp_account import FORM, read_account
from listrak_relay.ports.secrets import SecretTexts


class SftpAccounts:
    """``default``: name or ARN of the stack's own secret."""

    def __init__(self, secrets: SecretTexts, default: str) -> None:
        self._secrets, self._default = secrets, default

    def account(self, secret: str | None) -> str:
        return secret or "own"

    def for_feed(self, secret: str | None, settings: FeedSettings) -> ParamikoSftp:
        """The secret is read anew each time: one call for a file, and a new password is used at once."""
        name = secret or self._default
        account = read_account(name, self._secrets.text(name, FORM, fresh=True))
        return ParamikoSftp(account, replace=settings.replace_existing, part_pattern=settings.temporary_name)
