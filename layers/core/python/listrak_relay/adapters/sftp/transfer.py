"""One file on its way to its final name."""

from __future__ import annotations

import posixpath
from contextlib import suppress

from listrak_relay.adapters.sftp.client import SftpClient, SftpRefusedError
from listrak_relay.adapters.sftp.link import Link, LinkLostError
from listrak_relay.adapters.sftp.temporary_file import TemporaryFile, size_of
from listrak_relay.errors import ConfigurationError, OutcomeUnknownError, RetryableError
from listrak_relay.ports.sftp import Delivered, Publication, Upload


class Transfer:
    """A file on its way to a folder.

    ``temporary_name_of``: its name until it is whole.
    ``replace``: a file that has the final name already gives way.
    ``in_flight``: see `TemporaryFile`.
    """

    def __init__(
        self,
        link: Link,
        client: SftpClient,
        folder: str,
        upload: Upload,
        temporary_name_of: str,
        publication: Publication,
        *,
        replace: bool,
        in_flight: int,
    ) -> None:
        self._link, self._client, self._upload, self._publication = link, client, upload, publication
        self._part = TemporaryFile(link, client, folder, temporary_name_of, upload, in_flight=in_flight)
        self._final, self._replace = posixpath.join(folder, upload.name), replace

    def run(self) -> Delivered:
        """See `ports.sftp.SftpGateway.deliver`."""
        # As long as the note stands, only the rename takes the temporary name away.
        noted = self._part.kept = self._publication.begun()
        if noted and self._is_delivered():
            return Delivered(earlier=True)
        if not self._replace:
            self._final_must_be_free()
        # The note is only made of a whole file.
        start = self._upload.size if noted and self._part.is_whole() else self._part.send()
        self._publication.begin()
        if not self._publish(noted=noted):
            return Delivered(earlier=True)
        return Delivered(self._upload.size - start, start)

    def _is_delivered(self) -> bool:
        if self._part.size() is None:
            return True
        # A server may make the final name before it takes the temporary one away, and fail between.
        if not self._replace and self._final_size() == self._upload.size:
            self._part.remove("removing the temporary name")
            return True
        return False

    def _final_size(self) -> int | None:
        return size_of(self._link, self._client, self._final)

    def _final_must_be_free(self) -> None:
        size = self._final_size()
        if size is not None:
            raise ConfigurationError(
                "sftp_file_exists",
                f"{self._final} is on the SFTP server already ({size} bytes) and is not ours to replace; "
                "have it removed, or let names differ",
            )

    def _publish(self, *, noted: bool) -> bool:
        """False: the rename that an earlier attempt had asked for was only done now."""
        part = self._part
        try:
            with self._link.step("giving the file its final name"):
                self._rename()
        except LinkLostError as error:
            why = f"{error}; the next attempt finds out whether {self._final} is there"
            # The first time that is soon known. A server that breaks off each time is one that fails.
            raise (RetryableError(why) if noted else OutcomeUnknownError(why)) from error
        except SftpRefusedError as refusal:
            gone = part.size() is None
            if gone and noted:
                return False
            self._publication.withdraw()
            if gone:
                raise part.taken() from refusal
            if not self._replace:
                self._final_must_be_free()
            if refusal.is_forbidden:
                raise ConfigurationError(
                    "sftp_folder_read_only", f"the account may not rename {part.path} to {self._final}; ask its owner"
                ) from refusal
            raise RetryableError(f"the SFTP server could not rename {part.path}: {refusal}") from refusal
        return True

    def _rename(self) -> None:
        part = self._part.path
        if not self._replace:
            # The protocol's own rename fails when the name is taken; the other one would replace.
            self._client.rename(part, self._final)
            return
        try:
            self._client.posix_rename(part, self._final)
        except SftpRefusedError as refusal:
            if not refusal.is_unsupported:
                raise
            with suppress(SftpRefusedError):
                self._client.remove(self._final)
            self._client.rename(part, self._final)
