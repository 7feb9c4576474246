"""One SFTP session: the files, and what goes wrong with them."""

from __future__ import annotations

import asyncio
import errno
from contextlib import suppress
from pathlib import Path
from typing import cast

import asyncssh

from local.sftp_server.state import Service


class Files(asyncssh.SFTPServer):
    """One SFTP session."""

    def __init__(self, service: Service, channel: asyncssh.SSHServerChannel[bytes]) -> None:
        super().__init__(channel, chroot=str(service.folder).encode())
        self._folder, self._faults, self._journal = service.folder, service.faults, service.journal
        self._over = service.over
        self._is_cut = False

    def open(self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs) -> object:
        self._refuse_when_cut()
        writes = pflags & asyncssh.FXF_WRITE
        if writes and self._faults.read_only:
            raise asyncssh.SFTPPermissionDenied("the folder is closed to writing")
        if writes and self._faults.refuse_to_reopen and self._local(path).exists():
            raise asyncssh.SFTPPermissionDenied("files are written once")
        return super().open(path, pflags, attrs)

    async def write(self, file_obj: object, offset: int, data: bytes) -> int:
        self._refuse_when_cut()
        await self._be_late()
        faults = self._faults
        if faults.stall_after is not None:
            if len(data) > faults.stall_after:
                faults.stall_after = None
                await self._over.wait()
            else:
                faults.stall_after -= len(data)
        if faults.room is not None and self._used() + len(data) > faults.room:
            raise OSError(errno.ENOSPC, "No space left on device")
        whole = data
        if faults.cut_after is not None:
            data = whole[: faults.cut_after]
            faults.cut_after -= len(data)
        written = cast("int", super().write(file_obj, offset, data))
        self._journal.bytes_written += written
        if len(data) < len(whole):
            faults.cut_after = None
            await self._cut()
        return written

    async def stat(self, path: bytes) -> object:  # type: ignore[override]  # asyncssh converts either form
        await self._be_late()
        attributes = asyncssh.SFTPAttrs.from_local(self._local(path).stat())
        if attributes.size:
            attributes.size -= self._faults.short_by
        return attributes

    async def rename(self, oldpath: bytes, newpath: bytes) -> None:
        if self._local(newpath).exists():
            raise asyncssh.SFTPFailure("the name is taken")
        await self._rename(oldpath, newpath)

    async def posix_rename(self, oldpath: bytes, newpath: bytes) -> None:
        if self._faults.no_posix_rename:
            raise asyncssh.SFTPOpUnsupported("no such extension")
        await self._rename(oldpath, newpath)

    async def _rename(self, oldpath: bytes, newpath: bytes) -> None:
        self._refuse_when_cut()
        faults = self._faults
        if faults.refuse_rename:
            raise asyncssh.SFTPPermissionDenied("names stay as they are")
        await self._be_late()
        cut, faults.cut_at_rename = faults.cut_at_rename, None
        stall, faults.stall_at_rename = faults.stall_at_rename, None
        if cut == "before":
            await self._cut()
        if stall == "before":
            await self._over.wait()
            return
        self._local(oldpath).replace(self._local(newpath))
        name = self._local(newpath).name
        if faults.take_away and faults.take_away(name):
            self._journal.taken[name] = self._local(newpath).read_bytes()
            self._local(newpath).unlink()
        if cut == "after":
            await self._cut()
        if stall == "after":
            await self._over.wait()

    async def _be_late(self) -> None:
        if self._faults.late:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._over.wait(), self._faults.late)

    async def _cut(self) -> None:
        self.connection.abort()
        self._is_cut = True
        self._refuse_when_cut()

    def _refuse_when_cut(self) -> None:
        """What had arrived before the cut is worked off; nothing of it must have an effect."""
        if self._is_cut:
            raise asyncssh.SFTPConnectionLost("cut on demand")

    def _used(self) -> int:
        return sum(path.stat().st_size for path in self._folder.rglob("*") if path.is_file())

    def _local(self, path: bytes) -> Path:
        return Path(self.map_path(path).decode())
