"""An SFTP server in memory."""

from __future__ import annotations

from listrak_relay.domain.destinations.feed_settings import FeedSettings
from listrak_relay.errors import ConfigurationError
from listrak_relay.ports.sftp import Delivered, Publication, SftpCheck, Upload
from tests.support.fakes.script import Script


class FakeSftp:
    """`ports.sftp.SftpGateway` and `ports.sftp.SftpGateways` in one, for a single account.

    ``files``: final name → content. ``published``: what got a final name, in order. ``takes_away``: the server's
    importer takes files as soon as they have one.
    """

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.published: list[tuple[str, bytes]] = []
        self.takes_away = False
        self.script = Script()
        self._parts: dict[str, bytes] = {}

    def account(self, secret: str | None) -> str:
        return secret or "own"

    def for_feed(self, secret: str | None, settings: FeedSettings) -> FakeSftp:
        self._replace = settings.replace_existing
        return self

    def deliver(self, upload: Upload, publication: Publication) -> Delivered:
        part = _part_of(upload.name, upload.content_id)
        if publication.begun() and part not in self._parts:
            return Delivered(earlier=True)
        if upload.name in self.files and not self._replace:
            raise ConfigurationError("sftp_file_exists", f"{upload.name} is there already")
        left = len(self._parts.get(part, b""))
        self._parts.setdefault(part, b"")
        with self.script.step("send"):
            with upload.open_body(left) as body:
                self._parts[part] = self._parts.get(part, b"") + body.read(upload.size)
            assert len(self._parts[part]) == upload.size
        publication.begin()
        with self.script.step("rename"):
            content = self._parts.pop(part)
            self.published.append((upload.name, content))
            if not self.takes_away:
                self.files[upload.name] = content
        return Delivered(upload.size - left, left)

    def clear(self, name: str, content_id: str, publication: Publication) -> bool:
        part = _part_of(name, content_id)
        if publication.begun():
            if part not in self._parts:
                return True
            publication.withdraw()
        with self.script.step("clear"):
            self._parts.pop(part, None)
        return False

    def unfinished(self) -> list[str]:
        """Temporary names."""
        return sorted(self._parts)

    def check(self) -> SftpCheck:
        raise NotImplementedError


def _part_of(name: str, content_id: str) -> str:
    return f".{name}.{content_id}.part"
