"""Takes the layers off a dropped file, outside in: PGP, compression, archive, compression of the archive's members.

What a layer is, is told by its first bytes, never by a name. Everything is streamed, and every byte that is written to
the disk is counted first.
"""

from __future__ import annotations

import io
import lzma
import struct
import tarfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from errno import EINVAL
from pathlib import Path
from typing import Any, BinaryIO

from listrak_relay.adapters.unpacking.archives import (
    is_prefixed_zip,
    is_tar,
    is_workbook,
    is_zip,
    tar_members,
    zip_members,
)
from listrak_relay.adapters.unpacking.compressed import READ_ERRORS, Decompressed, compression_of, is_window_too_large
from listrak_relay.adapters.unpacking.pgp_files import decrypt, is_pgp
from listrak_relay.adapters.unpacking.workbook_limits import check_workbook
from listrak_relay.domain.reading.no_room import is_full, too_large
from listrak_relay.domain.run.object_kinds import why_no_data
from listrak_relay.errors import ConfigurationError, FileRejectedError, FileTooLargeError
from listrak_relay.ports.reading import LocalFile
from listrak_relay.ports.secrets import PgpKey

_START = 1_024
_BLOCK = 1 << 20
_BUFFER = 1 << 18
_RATIO = 250
_RATIO_FROM = 100_000_000
_DAMAGE = (
    *READ_ERRORS,
    zipfile.BadZipFile,
    tarfile.TarError,
    lzma.LZMAError,
    RuntimeError,
    ValueError,
    OverflowError,
    struct.error,
)
"""RuntimeError: what `zipfile` raises for a password."""

KeyFinder = Callable[[str], PgpKey]
"""Name of a secret → the private key in it."""


@dataclass(frozen=True, slots=True)
class UnpackLimits:
    """In bytes. ``unpacked``: of all that one drop holds. ``workbook``: of the sheets of an Excel file, which are read
    in memory."""

    unpacked: int = 3_400_000_000
    workbook: int = 500_000_000


@dataclass(frozen=True, slots=True)
class DataFile:
    """One file of rows without any layer. ``name``: of the dropped object, followed by ``!`` and the member's name if
    it was in an archive. ``workbook``: it is an Excel file."""

    name: str
    path: Path
    workbook: bool


@dataclass(slots=True)
class Unpacking:
    """Unpacks into ``folder``. ``layers``: what was taken off, outside in, each named once. ``left_out``: members of
    archives that hold no data."""

    folder: Path
    limits: UnpackLimits
    key_for: KeyFinder | None
    layers: list[str] = field(default_factory=list)
    left_out: int = 0
    _written: int = 0
    _packed: int = 0
    _files: int = 0

    def unpack_all(self, files: Iterable[LocalFile], drop: str, pgp_secret: str | None) -> list[DataFile]:
        """The files of rows in all ``files``. ``drop``: key of what was dropped last, for messages.

        Raises:
            FileRejectedError: there are none (code ``file_empty``), or as `unpack` does.
            ConfigurationError: as `unpack` does.
        """
        found = [data for file in files for data in self.unpack(file.path, file.name, pgp_secret)]
        if not found:
            raise FileRejectedError("file_empty", f"{drop}: the archive holds no file of rows")
        return found

    def unpack(self, path: Path, file: str, pgp_secret: str | None) -> list[DataFile]:
        """The files of rows in the dropped file ``path``, in order of name. ``file``: its drop key.

        Raises:
            FileRejectedError: it cannot be unpacked, or not safely.
            ConfigurationError: it is encrypted and the private key is missing or unusable.
        """
        self._packed += path.stat().st_size
        with as_rejection(file):
            if is_pgp(_start_of(path)):
                path = self._decrypted(path, file, pgp_secret)
            return sorted(self._open(path, file), key=lambda found: found.name)

    def _decrypted(self, path: Path, file: str, pgp_secret: str | None) -> Path:
        if pgp_secret is None or self.key_for is None:
            raise ConfigurationError(
                "pgp_key_missing",
                f"{file}: the file is encrypted with PGP; put the private key into a secret and name that under "
                "file.pgp_secret of the destination",
            )
        self._layer("pgp")
        target = self._new_file()
        decrypt(path, target, self.key_for(pgp_secret), file, self.limits.unpacked - self._written)
        self._count(target.stat().st_size, file)
        if is_pgp(_start_of(target)):
            raise _nested(file)
        return target

    def _open(self, path: Path, file: str) -> Iterator[DataFile]:
        start = _start_of(path)
        compression = compression_of(start)
        if compression is None:
            if is_zip(start) or is_prefixed_zip(start, path):
                yield from self._zip(path, file)
            elif is_tar(start):
                with path.open("rb") as stream:
                    yield from self._members("tar", tar_members(stream, file), file)
            else:
                yield DataFile(file, path, workbook=False)
            return
        self._layer(compression)
        with path.open("rb") as packed:
            content, start = _peeked(Decompressed(packed, compression))
            self._refuse_layer(start, file, compression_of, is_pgp)
            if is_tar(start):
                yield from self._members("tar", tar_members(content, file), file)
                return
            target = self._write(content, file)
        if is_zip(start):
            yield from self._zip(target, file)
        else:
            yield DataFile(file, target, workbook=False)

    def _zip(self, path: Path, file: str) -> Iterator[DataFile]:
        if is_workbook(path):
            check_workbook(path, file, self.limits.workbook)
            yield DataFile(file, path, workbook=True)
        else:
            yield from self._members("zip", zip_members(path, file), file)

    def _members(self, layer: str, members: Iterable[tuple[str, BinaryIO]], file: str) -> Iterator[DataFile]:
        self._layer(layer)
        for name, content in members:
            stream, start = _peeked(content)
            if why_no_data(name, len(start)):
                self.left_out += 1
                self._pass_over(stream, file)
                continue
            compression = compression_of(start)
            if compression:
                self._layer(compression)
                stream, start = _peeked(Decompressed(stream, compression))
            self._refuse_layer(start, file, compression_of, is_pgp, is_tar)
            target = self._write(stream, file)
            workbook = is_zip(start) and is_workbook(target)
            if is_zip(start) and not workbook:
                raise _nested(file)
            if workbook:
                check_workbook(target, file, self.limits.workbook)
            yield DataFile(f"{file}!{name}", target, workbook=workbook)

    def _refuse_layer(self, start: bytes, file: str, *tests: Callable[[bytes], object]) -> None:
        if any(test(start) for test in tests):
            raise _nested(file)

    def _write(self, stream: BinaryIO, file: str) -> Path:
        target = self._new_file()
        with target.open("wb") as out:
            while block := stream.read(_BLOCK):
                self._count(len(block), file)
                out.write(block)
        return target

    def _pass_over(self, stream: BinaryIO, file: str) -> None:
        """Unpack into nothing, within the limits all the same."""
        while block := stream.read(_BLOCK):
            self._count(len(block), file)

    def _count(self, size: int, file: str) -> None:
        self._written += size
        if self._written > self.limits.unpacked:
            raise FileTooLargeError(
                f"{file}: unpacked it has more than {self.limits.unpacked:,} bytes; drop smaller files, or raise the "
                "stack's parameter IngestTmpMb",
            )
        if self._written > max(_RATIO_FROM, _RATIO * self._packed):
            raise FileRejectedError(
                "archive_bomb",
                f"{file}: unpacked it has more than {_RATIO} times its size, as no file of people has; drop it "
                "unpacked if it is sound",
            )

    def _layer(self, name: str) -> None:
        if name not in self.layers:
            self.layers.append(name)

    def _new_file(self) -> Path:
        self._files += 1
        return self.folder / f"unpacked-{self._files:05d}"


@contextmanager
def as_rejection(file: str) -> Iterator[None]:
    """What reading a damaged layer raises becomes FileRejectedError; ``file`` is the drop key."""
    try:
        yield
    except EOFError:
        raise FileRejectedError(
            "file_truncated", f"{file}: the file breaks off, so rows are missing; drop it again, whole"
        ) from None
    except NotImplementedError:
        raise FileRejectedError(
            "archive_method",
            f"{file}: the zip file is packed by a method that is not read, or locked by a password; pack it by Deflate "
            "and without password",
        ) from None
    except _DAMAGE as error:
        raise _damaged(file, error) from None
    except OSError as error:
        if is_full(error):
            raise too_large(file) from None
        # bz2 gives no number; a zip file's wrong offsets lead to places that cannot be.
        if error.errno in (None, EINVAL):
            raise _damaged(file, error) from None
        raise


class _Rejoined(io.RawIOBase):
    """``start`` and then what ``rest`` still gives."""

    def __init__(self, start: bytes, rest: Any) -> None:
        super().__init__()
        self._start = start
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        view = memoryview(buffer)
        data = self._start[: len(view)] or self._rest.read(len(view))
        self._start = self._start[len(view) :]
        view[: len(data)] = data
        return len(data)


def _peeked(stream: Any) -> tuple[BinaryIO, bytes]:
    """The stream, and its first bytes, which it still gives."""
    start = b""
    while len(start) < _START and (block := stream.read(_START - len(start))):
        start += block
    return io.BufferedReader(_Rejoined(start, stream), _BUFFER), start


def _start_of(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(_START)


def _nested(file: str) -> FileRejectedError:
    return FileRejectedError(
        "archive_nested",
        f"{file}: an archive, a compressed or an encrypted file lies within another of its kind; pack the files once",
    )


def _damaged(file: str, error: Exception) -> FileRejectedError:
    if is_window_too_large(error):
        return FileRejectedError(
            "archive_method",
            f"{file}: the zstd file takes more than 128 MB of memory to unpack; pack it without --long or --ultra",
        )
    return FileRejectedError("archive_damaged", f"{file}: the file cannot be unpacked, it is damaged; drop it again")
