"""Takes the layers off a dropped file, outside in: PGP, compression, archive, compression of the archive's members.

What a layer is, is told by its first bytes, never by a name. Everything is streamed, and every byte that is written to
the disk is counted first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from listrak_relay.adapters.unpacking.archives import (
    document_kind,
    is_prefixed_zip,
    is_tar,
    is_workbook,
    is_zip,
    tar_members,
    zip_members,
)
from listrak_relay.adapters.unpacking.compressed import Decompressed, compression_of
from listrak_relay.adapters.unpacking.limits import UnpackedBytes, UnpackLimits
from listrak_relay.adapters.unpacking.peeking import peeked, start_of
from listrak_relay.adapters.unpacking.pgp_files import decrypt, is_pgp
from listrak_relay.adapters.unpacking.rejections import as_rejection, document, nested
from listrak_relay.adapters.unpacking.workbook_limits import check_workbook
from listrak_relay.domain.run.object_kinds import why_no_data
from listrak_relay.errors import ConfigurationError, FileRejectedError
from listrak_relay.ports.reading import LocalFile
from listrak_relay.ports.secrets import PgpKey

_BLOCK = 1 << 20
KeyFinder = Callable[[str], PgpKey]
"""Name of a secret → the private key in it."""


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
    _files: int = 0
    _bytes: UnpackedBytes = field(init=False)

    def __post_init__(self) -> None:
        self._bytes = UnpackedBytes(self.limits)

    def unpack_all(self, files: Iterable[LocalFile], drop: str, pgp_secret: str | None) -> list[DataFile]:
        """The files of rows in all ``files``. ``drop``: key of what was dropped last, for messages.

        Raises:
            FileRejectedError: there are none (code ``file_empty``), or as `unpack` does.
            ConfigurationError: as `unpack` does.
        """
        found = [data for file in files for data in self.unpack(file.path, file.name, pgp_secret)]
        if not found:
            raise FileRejectedError("file_empty", f"{drop}: the archive holds no file of rows; pack one into it")
        return found

    def unpack(self, path: Path, file: str, pgp_secret: str | None) -> list[DataFile]:
        """The files of rows in the dropped file ``path``, in order of name. ``file``: its drop key.

        Raises:
            FileRejectedError: it cannot be unpacked, or not safely.
            ConfigurationError: it is encrypted and the private key is missing or unusable.
        """
        self._bytes.packed += path.stat().st_size
        with as_rejection(file):
            if is_pgp(start_of(path)):
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
        decrypt(path, target, self.key_for(pgp_secret), file, self._bytes.left)
        self._bytes.add(target.stat().st_size, file)
        if is_pgp(start_of(target)):
            raise nested(file)
        return target

    def _open(self, path: Path, file: str) -> Iterator[DataFile]:
        start = start_of(path)
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
            content, start = peeked(Decompressed(packed, compression))
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
        elif kind := document_kind(path):
            raise document(file, kind)
        else:
            yield from self._members("zip", zip_members(path, file), file)

    def _members(self, layer: str, members: Iterable[tuple[str, BinaryIO]], file: str) -> Iterator[DataFile]:
        self._layer(layer)
        for name, content in members:
            stream, start = peeked(content)
            if why_no_data(name, len(start)):
                self.left_out += 1
                self._pass_over(stream, file)
                continue
            compression = compression_of(start)
            if compression:
                self._layer(compression)
                stream, start = peeked(Decompressed(stream, compression))
            self._refuse_layer(start, file, compression_of, is_pgp, is_tar)
            target = self._write(stream, file)
            workbook = is_zip(start) and is_workbook(target)
            if is_zip(start) and not workbook:
                kind = document_kind(target)
                raise document(f"{file}!{name}", kind) if kind else nested(file)
            if workbook:
                check_workbook(target, file, self.limits.workbook)
            yield DataFile(f"{file}!{name}", target, workbook=workbook)

    def _refuse_layer(self, start: bytes, file: str, *tests: Callable[[bytes], object]) -> None:
        if any(test(start) for test in tests):
            raise nested(file)

    def _write(self, stream: BinaryIO, file: str) -> Path:
        target = self._new_file()
        with target.open("wb") as out:
            while block := stream.read(_BLOCK):
                self._bytes.add(len(block), file)
                out.write(block)
        return target

    def _pass_over(self, stream: BinaryIO, file: str) -> None:
        """Unpack into nothing, within the limits all the same."""
        while block := stream.read(_BLOCK):
            self._bytes.add(len(block), file)

    def _layer(self, name: str) -> None:
        if name not in self.layers:
            self.layers.append(name)

    def _new_file(self) -> Path:
        self._files += 1
        return self.folder / f"unpacked-{self._files:05d}"
