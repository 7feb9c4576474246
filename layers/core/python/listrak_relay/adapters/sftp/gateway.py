"""An SFTP server, by paramiko."""

from __future__ import annotations

import posixpath
import stat

from listrak_relay.adapters.sftp.client import SftpClient, SftpRefusedError
from listrak_relay.adapters.sftp.connection import greet, signed_in
from listrak_relay.adapters.sftp.link import Link
from listrak_relay.adapters.sftp.temporary_file import folder_missing, size_of
from listrak_relay.adapters.sftp.transfer import Transfer
from listrak_relay.domain.destinations.sftp_names import PART_PATTERN, final_name, temporary_name_of
from listrak_relay.domain.feeds.sftp_account import SftpAccount
from listrak_relay.errors import ConfigurationError, RetryableError
from listrak_relay.ports.sftp import Delivered, FolderEntry, Publication, SftpCheck, Upload

IN_FLIGHT_BYTES = 8 << 20
"""Unconfirmed at most, and so how much a resumed upload sends again; four times the window of a server."""


class ParamikoSftp:
    """`ports.sftp.SftpGateway`. Each call makes a connection of its own.

    Args:
        patience: seconds that any one step may take (to connect, to sign in, to take a quarter of a megabyte).
        replace: an upload takes the place of a file that has its final name already.
        part_pattern: of temporary names, see `domain.sftp_names.temporary_name_of`.
        in_flight: bytes sent ahead of the server's confirmation.
    """

    def __init__(
        self,
        account: SftpAccount,
        *,
        patience: float = 30.0,
        replace: bool = False,
        part_pattern: str = PART_PATTERN,
        in_flight: int = IN_FLIGHT_BYTES,
    ) -> None:
        self._account, self._patience, self._replace = account, patience, replace
        self._part_pattern, self._in_flight = part_pattern, in_flight

    def deliver(self, upload: Upload, publication: Publication) -> Delivered:
        part = self._part_of(upload.name, upload.content_id)
        with greet(self._account, self._patience) as greeting, signed_in(self._account, greeting) as (link, client):
            return Transfer(
                link,
                client,
                self._account.folder,
                upload,
                part,
                publication,
                replace=self._replace,
                in_flight=self._in_flight,
            ).run()

    def clear(self, name: str, content_id: str, publication: Publication) -> bool:
        folder = self._account.folder
        path, final = posixpath.join(folder, self._part_of(name, content_id)), posixpath.join(folder, final_name(name))
        with greet(self._account, self._patience) as greeting, signed_in(self._account, greeting) as (link, client):
            noted = publication.begun()
            there = size_of(link, client, path) if noted else None
            if noted and there is None:
                return True
            # A server may make the final name before it takes the temporary one away, and fail between.
            has_both = noted and not self._replace and size_of(link, client, final) == there
            if noted and not has_both:
                # Before the file goes: without it, who finds the note would take the file for delivered.
                publication.withdraw()
            gone = not self._remove(link, client, path)
            if noted and gone and not has_both:
                # It was there a moment ago, so the rename that was asked for came in between.
                publication.begin()
            return noted and (gone or has_both)

    def _remove(self, link: Link, client: SftpClient, path: str) -> bool:
        """Whether it was there. One that may not be removed stays."""
        try:
            with link.step("removing the unfinished file"):
                client.remove(path)
        except SftpRefusedError as refusal:
            if not (refusal.is_missing or refusal.is_forbidden):
                raise RetryableError(f"the SFTP server could not remove {path}: {refusal}") from refusal
            return not refusal.is_missing
        return True

    def _part_of(self, name: str, content_id: str) -> str:
        return temporary_name_of(final_name(name), content_id, self._part_pattern)

    def check(self) -> SftpCheck:
        account = self._account
        pinned = tuple(pin.fingerprint for pin in account.pinned)
        with greet(account, self._patience) as greeting:
            if greeting.transport is None:
                return SftpCheck(account.address, greeting.offered, pinned, trusted=False)
            cipher = greeting.transport.remote_cipher  # type: ignore[attr-defined]  # the hints leave it out
            with signed_in(account, greeting) as (link, client):
                folder, entries = self._listed(link, client)
        return SftpCheck(account.address, greeting.offered, pinned, True, cipher, folder, entries)

    def _listed(self, link: Link, client: SftpClient) -> tuple[str, tuple[FolderEntry, ...]]:
        named = self._account.folder or "."
        try:
            with link.step("listing the folder"):
                folder = client.normalize(named)
                found = client.listdir_attr(folder)
        except SftpRefusedError as refusal:
            if refusal.is_missing:
                raise folder_missing(named) from refusal
            if refusal.is_forbidden:
                raise ConfigurationError(
                    "sftp_folder_closed", f"the account may not list {named} on the SFTP server; ask its owner"
                ) from refusal
            raise RetryableError(f"the SFTP server could not list {named}: {refusal}") from refusal
        entries = (
            FolderEntry(entry.filename, entry.st_size, entry.st_mtime, stat.S_ISDIR(entry.st_mode or 0))
            for entry in found
        )
        return folder, tuple(sorted(entries, key=lambda entry: entry.name))
