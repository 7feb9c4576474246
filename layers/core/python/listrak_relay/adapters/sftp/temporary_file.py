"""The bytes of an upload, under its temporary name."""

from __future__ import annotations

import posixpath
from contextlib import closing, suppress
from typing import BinaryIO, cast

import paramiko

from listrak_relay.adapters.sftp.client import Pipeline, SftpClient, SftpRefusedError
from listrak_relay.adapters.sftp.link import Link, LinkLostError
from listrak_relay.errors import ConfigurationError, RetryableError
from listrak_relay.ports.sftp import Upload

_BLOCK_BYTES = 1 << 20


class TemporaryFile:
    """``name``: the temporary name. ``in_flight``: see `client.Pipeline`; must not be less than in any release that may
    have left an unfinished file.

    ``kept``: only a rename may take the file away, so nothing here removes it.
    """

    def __init__(
        self, link: Link, client: SftpClient, folder: str, name: str, upload: Upload, *, in_flight: int
    ) -> None:
        self._link, self._client, self._folder, self._upload = link, client, folder, upload
        self._in_flight = in_flight
        self.path = posixpath.join(folder, name)
        self.kept = False

    def size(self) -> int | None:
        """Bytes; None if it is not there."""
        return size_of(self._link, self._client, self.path)

    def is_whole(self) -> bool:
        return self.size() == self._upload.size

    def send(self) -> int:
        """Send what is missing; returns the offset that was begun at."""
        file, start = self._opened()
        handle = cast("bytes", file.handle)  # the hints take it for the server's class
        pipeline = Pipeline(self._client, handle, self._in_flight)
        try:
            with self._link.step("asking for the server's limits"):
                request_size = min(self._client.write_limit(), self._in_flight)
            with closing(self._upload.open_body(start)) as body:
                self._copy(body, pipeline, start, request_size)
            with self._link.step("closing the file"):
                file.close()
        except SftpRefusedError as refusal:
            self._abandon(file)
            raise RetryableError(
                f"the SFTP server could not take {self.path}: {refusal}; is its disk or our share of it full?"
            ) from refusal
        except ConfigurationError:
            # The body is not what it should be, so what was sent of it is nothing to go on with.
            self._abandon(file)
            raise
        except BaseException:
            self._close_quietly(file)
            raise
        self._check_size()
        return start

    def remove(self, doing: str) -> None:
        """Raises LinkLostError; a refusal is passed over."""
        with suppress(SftpRefusedError), self._link.step(doing):
            self._client.remove(self.path)

    def taken(self) -> ConfigurationError:
        """It should be there and is not."""
        return ConfigurationError(
            "sftp_part_taken",
            f"{self.path} was taken away before it had its final name: the server's importer does not pass over "
            "temporary names of this form; choose another form",
        )

    def _opened(self) -> tuple[paramiko.SFTPFile, int]:
        """The file and the offset to begin at. What an attempt has left is gone on with, as far as it is certain; it is
        opened in a way that never makes it shorter."""
        left = self.size()
        if left is not None and left <= self._upload.size:
            with suppress(SftpRefusedError), self._link.step("opening the unfinished file"):
                return self._client.open(self.path, "r+"), max(0, left - self._in_flight)
        if left is not None and not self.kept:
            self.remove("removing the unfinished file")
        # Requests of a connection that broke may still be carried out. So nothing is emptied that might be in use:
        # a new file must be new, unless the old one may not be removed.
        mode = "w" if self.kept else "wx"
        try:
            with self._link.step("making the file"):
                return self._client.open(self.path, mode), 0
        except SftpRefusedError as refusal:
            raise self._no_place(refusal) from refusal

    def _no_place(self, refusal: SftpRefusedError) -> ConfigurationError | RetryableError:
        folder = self._folder or "the login folder"
        if refusal.is_missing:
            return folder_missing(folder)
        if refusal.is_forbidden:
            return ConfigurationError(
                "sftp_folder_read_only", f"the account may not write into {folder} on the SFTP server; ask its owner"
            )
        return RetryableError(f"the SFTP server could not make {self.path}: {refusal}")

    def _copy(self, body: BinaryIO, pipeline: Pipeline, start: int, request_size: int) -> None:
        size, offset = self._upload.size, start
        while offset < size:
            block = memoryview(body.read(min(_BLOCK_BYTES, size - offset)))
            if not block:
                raise RetryableError(f"{self._upload.name} ended at byte {offset} of {size}")
            for first in range(0, len(block), request_size):
                request = block[first : first + request_size]
                with self._link.step(f"sending byte {offset}"):
                    pipeline.write(offset, request)
                offset += len(request)
        if body.read(1):
            raise RetryableError(f"{self._upload.name} is longer than its {size} bytes")
        with self._link.step("waiting for the last confirmations"):
            pipeline.drain()

    def _abandon(self, file: paramiko.SFTPFile) -> None:
        self._close_quietly(file)
        if not self.kept:
            with suppress(LinkLostError):
                self.remove("removing the unfinished file")

    def _close_quietly(self, file: paramiko.SFTPFile) -> None:
        with suppress(SftpRefusedError, LinkLostError), self._link.step("closing the file"):
            file.close()

    def _check_size(self) -> None:
        size = self.size()
        if size is None:
            raise self.taken()
        if size != self._upload.size:
            if not self.kept:
                self.remove("removing the unfinished file")
            raise RetryableError(f"{self.path} has {size} bytes on the SFTP server, not {self._upload.size}")


def size_of(link: Link, client: SftpClient, path: str) -> int | None:
    """Bytes; None if there is no such file."""
    try:
        with link.step("looking at the folder"):
            size = client.stat(path).st_size
    except SftpRefusedError as refusal:
        if refusal.is_missing:
            return None
        raise _no_look(path, refusal) from refusal
    if size is None:
        raise ConfigurationError("sftp_no_size", "the SFTP server does not tell sizes, so no delivery can be checked")
    return size


def _no_look(path: str, refusal: SftpRefusedError) -> ConfigurationError | RetryableError:
    if refusal.is_forbidden:
        return ConfigurationError(
            "sftp_folder_closed",
            f"the account may not look at {path} on the SFTP server, so no delivery can be checked; ask its owner",
        )
    return RetryableError(f"the SFTP server could not look at {path}: {refusal}")


def folder_missing(folder: str) -> ConfigurationError:
    return ConfigurationError("sftp_folder_missing", f"{folder} does not exist on the SFTP server; mend the secret")
