"""One file on its way to its final name."""

from __future__ import annotations

import posixpath
from contextlib import closing, suppress
from typing import BinaryIO, cast

import paramiko

from listrak_relay.adapters.sftp.client import Pipeline, SftpClient, SftpRefusedError
from listrak_relay.adapters.sftp.link import Link, LinkLostError
from listrak_relay.errors import ConfigurationError, OutcomeUnknownError, RetryableError
from listrak_relay.ports.sftp import Delivered, Publication, Upload

_BLOCK_BYTES = 1 << 20


class Delivery:
    """``part``: temporary name. ``replace``: a file that has the final name already gives way. ``in_flight``: see
    `client.Pipeline`; must not be less than in any release that may have left an unfinished file."""

    def __init__(
        self,
        link: Link,
        client: SftpClient,
        folder: str,
        upload: Upload,
        part: str,
        publication: Publication,
        *,
        replace: bool,
        in_flight: int,
    ) -> None:
        self._link, self._client, self._upload, self._publication = link, client, upload, publication
        self._folder = folder
        self._part, self._final = posixpath.join(folder, part), posixpath.join(folder, upload.name)
        self._replace, self._in_flight = replace, in_flight

    def run(self) -> Delivered:
        """See `ports.sftp.SftpGateway.deliver`."""
        # As long as the note stands, only the rename takes the temporary name away: so nothing here removes it.
        self._noted = self._publication.begun()
        if self._noted and self._is_delivered():
            return Delivered(earlier=True)
        if not self._replace:
            self._final_must_be_free()
        # The note is only made of a whole file.
        start = self._upload.size if self._noted and self._is_whole() else self._send()
        self._publication.begin()
        if not self._publish():
            return Delivered(earlier=True)
        return Delivered(self._upload.size - start, start)

    def _is_delivered(self) -> bool:
        if self._size(self._part) is None:
            return True
        # A server may make the final name before it takes the temporary one away, and fail between.
        if not self._replace and self._size(self._final) == self._upload.size:
            with suppress(SftpRefusedError), self._link.step("removing the temporary name"):
                self._client.remove(self._part)
            return True
        return False

    def _is_whole(self) -> bool:
        return self._size(self._part) == self._upload.size

    def _final_must_be_free(self) -> None:
        size = self._size(self._final)
        if size is not None:
            raise ConfigurationError(
                "sftp_file_exists",
                f"{self._final} is on the SFTP server already ({size} bytes) and is not ours to replace; "
                "have it removed, or let names differ",
            )

    # --- the bytes ---------------------------------------------------------------------------------------------------

    def _send(self) -> int:
        """Returns the offset that was begun at."""
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
                f"the SFTP server could not take {self._part}: {refusal}; is its disk or our share of it full?"
            ) from refusal
        except BaseException:
            self._close_quietly(file)
            raise
        self._check_size()
        return start

    def _opened(self) -> tuple[paramiko.SFTPFile, int]:
        """The file under its temporary name and the offset to begin at. What an attempt has left is gone on with, as
        far as it is certain; it is opened in a way that never makes it shorter."""
        left = self._size(self._part)
        if left is not None and left <= self._upload.size:
            with suppress(SftpRefusedError), self._link.step("opening the unfinished file"):
                return self._client.open(self._part, "r+"), max(0, left - self._in_flight)
        if left is not None and not self._noted:
            with suppress(SftpRefusedError), self._link.step("removing the unfinished file"):
                self._client.remove(self._part)
        # Requests of a connection that broke may still be carried out. So nothing is emptied that might be in use:
        # a new file must be new, unless the note forbids to remove the old one.
        mode = "w" if self._noted else "wx"
        try:
            with self._link.step("making the file"):
                return self._client.open(self._part, mode), 0
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
        return RetryableError(f"the SFTP server could not make {self._part}: {refusal}")

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
        if not self._noted:
            with suppress(SftpRefusedError, LinkLostError), self._link.step("removing the unfinished file"):
                self._client.remove(self._part)

    def _close_quietly(self, file: paramiko.SFTPFile) -> None:
        with suppress(SftpRefusedError, LinkLostError), self._link.step("closing the file"):
            file.close()

    def _check_size(self) -> None:
        size = self._size(self._part)
        if size is None:
            raise self._part_taken()
        if size != self._upload.size:
            if not self._noted:
                with suppress(SftpRefusedError), self._link.step("removing the unfinished file"):
                    self._client.remove(self._part)
            raise RetryableError(f"{self._part} has {size} bytes on the SFTP server, not {self._upload.size}")

    def _part_taken(self) -> ConfigurationError:
        return ConfigurationError(
            "sftp_part_taken",
            f"{self._part} was taken away before it had its final name: the server's importer does not pass over "
            "temporary names of this form; choose another form",
        )

    # --- the name ----------------------------------------------------------------------------------------------------

    def _publish(self) -> bool:
        """False: the rename that an earlier attempt had asked for was only done now."""
        try:
            with self._link.step("giving the file its final name"):
                self._rename()
        except LinkLostError as error:
            raise OutcomeUnknownError(f"{error}; the next attempt finds out whether {self._final} is there") from error
        except SftpRefusedError as refusal:
            gone = self._size(self._part) is None
            if gone and self._noted:
                return False
            self._publication.withdraw()
            if gone:
                raise self._part_taken() from refusal
            if not self._replace:
                self._final_must_be_free()
            if refusal.is_forbidden:
                raise ConfigurationError(
                    "sftp_folder_read_only", f"the account may not rename {self._part} to {self._final}; ask its owner"
                ) from refusal
            raise RetryableError(f"the SFTP server could not rename {self._part}: {refusal}") from refusal
        return True

    def _rename(self) -> None:
        if not self._replace:
            # The protocol's own rename fails when the name is taken; the other one would replace.
            self._client.rename(self._part, self._final)
            return
        try:
            self._client.posix_rename(self._part, self._final)
        except SftpRefusedError as refusal:
            if not refusal.is_unsupported:
                raise
            with suppress(SftpRefusedError):
                self._client.remove(self._final)
            self._client.rename(self._part, self._final)

    def _size(self, path: str) -> int | None:
        """Bytes; None if there is no such file."""
        try:
            with self._link.step("looking at the folder"):
                size = self._client.stat(path).st_size
        except SftpRefusedError as refusal:
            if refusal.is_missing:
                return None
            raise self._no_look(path, refusal) from refusal
        if size is None:
            raise ConfigurationError(
                "sftp_no_size", "the SFTP server does not tell sizes, so no delivery can be checked"
            )
        return size

    def _no_look(self, path: str, refusal: SftpRefusedError) -> ConfigurationError | RetryableError:
        if refusal.is_forbidden:
            return ConfigurationError(
                "sftp_folder_closed",
                f"the account may not look at {path} on the SFTP server, so no delivery can be checked; ask its owner",
            )
        return RetryableError(f"the SFTP server could not look at {path}: {refusal}")


def folder_missing(folder: str) -> ConfigurationError:
    return ConfigurationError("sftp_folder_missing", f"{folder} does not exist on the SFTP server; mend the secret")
