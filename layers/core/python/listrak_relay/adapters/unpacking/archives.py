"""The members of zip and tar archives, one by one as streams. Nothing is ever written under a member's own name."""

from __future__ import annotations

import stat
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from tarfile import HeaderError, ReadError
from typing import BinaryIO, Self

from listrak_relay.errors import FileRejectedError

MAX_MEMBERS = 10_000

ZIP_START = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_ZIP_PREFIXES = (b"MZ", b"#!", b"PK")
_ENCRYPTED = 0x1
_WORKBOOK = "xl/workbook."
_ENDS = ("EOFHeaderError", "EmptyHeaderError")
"""What `tarfile` raises at the end of an archive: at a block of zeros, or at the end of the file."""

_EXTENSIONS = tuple(letter.encode() for letter in "xgXLK")
"""Types of header that hold a name or other facts of the next member."""

_LONGEST_EXTENSION = 1 << 20
_LONGEST_PADDING = 1 << 26
_BLOCK = 1 << 17


def is_zip(start: bytes) -> bool:
    return start.startswith((ZIP_START, _EMPTY_ZIP))


def is_tar(start: bytes) -> bool:
    """Whether it begins with a tar header, by that header's check sum; old tars have no other mark."""
    block = start[: tarfile.BLOCKSIZE]
    if len(block) < tarfile.BLOCKSIZE:
        return False
    try:
        tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
    except tarfile.HeaderError:
        return False
    return True


def is_prefixed_zip(start: bytes, path: Path) -> bool:
    """Whether it is a zip file with something before it: a program that unpacks it, or a mark of its writer."""
    return start.startswith(_ZIP_PREFIXES) and zipfile.is_zipfile(path)


def is_workbook(path: Path) -> bool:
    """Whether a zip file is an Excel workbook. Raises zipfile.BadZipFile."""
    with zipfile.ZipFile(path) as archive:
        return any(name.replace("\\", "/").lower().startswith(_WORKBOOK) for name in archive.namelist())


_DOCUMENTS = {
    "meta-inf/manifest.xml": "an OpenDocument file (.ods)",
    "content.xml": "an OpenDocument file (.ods)",
    "word/document.xml": "a Word document",
    "ppt/presentation.xml": "a PowerPoint document",
    "index/document.iwa": "a file of Apple's Numbers or Pages",
    "meta-inf/manifest.mf": "a Java archive",
}
"""Members that only such a document has, in lower case."""


def document_kind(path: Path) -> str | None:
    """What a zip file is in words, if it is no archive of files. Raises zipfile.BadZipFile."""
    with zipfile.ZipFile(path) as archive:
        names = {name.replace("\\", "/").lower() for name in archive.namelist()}
    return next((kind for member, kind in _DOCUMENTS.items() if member in names), None)


def zip_members(path: Path, file: str) -> Iterator[tuple[str, BinaryIO]]:
    """Name and content of each member that is a file.

    Raises:
        FileRejectedError: codes ``archive_encrypted``, ``archive_unsafe``, ``archive_too_many``.
        zipfile.BadZipFile and what unpacking raises: damaged.
    """
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        _check_count(len(members), file)
        for member in members:
            check_name(member.filename, file)
            if stat.S_ISLNK(member.external_attr >> 16):
                raise _unsafe(file, "holds a symbolic link")
            if member.flag_bits & _ENCRYPTED:
                raise FileRejectedError(
                    "archive_encrypted", f"{file}: the zip file is locked by a password; pack it without, or use PGP"
                )
        for member in members:
            if not member.is_dir():
                with archive.open(member) as stream:
                    yield member.filename, stream  # type: ignore[misc]  # IO[bytes] is what zipfile calls it


def tar_members(stream: BinaryIO, file: str) -> Iterator[tuple[str, BinaryIO]]:
    """Name and content of each member that is a file; ``stream`` is read once from start to end.

    Raises:
        FileRejectedError: codes ``archive_unsafe``, ``archive_too_many``.
        tarfile.TarError: damaged.
    """
    with tarfile.open(fileobj=stream, mode="r|", errorlevel=2, tarinfo=_StrictHeader) as archive:
        for count, member in enumerate(archive, 1):
            _check_count(count, file)
            check_name(member.name, file)
            if member.isdir():
                continue
            if not member.isfile():
                raise _unsafe(file, "holds a link or a device")
            content = archive.extractfile(member)
            if content is not None:
                yield member.name, content  # type: ignore[misc]  # IO[bytes] is what tarfile calls it
        _check_end(archive)


class _StrictHeader(tarfile.TarInfo):
    """A header that cannot be read is damage; `tarfile` takes it for the end of the archive."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        found = super().frombuf(buf, encoding, errors)
        if found.type in _EXTENSIONS and found.size > _LONGEST_EXTENSION:
            # It would be read into memory as a whole.
            raise ReadError("a header is too long")
        return found

    @classmethod
    def fromtarfile(cls, tarfile: tarfile.TarFile) -> Self:  # the name is that of the method it stands for
        try:
            return super().fromtarfile(tarfile)
        except HeaderError as error:
            if type(error).__name__ in _ENDS:
                raise
            raise ReadError("a header is damaged") from None


def _check_end(archive: tarfile.TarFile) -> None:
    """Raises tarfile.ReadError: behind the end there is more than padding, as where archives were put together."""
    size = 0
    while block := archive.fileobj.read(_BLOCK):
        size += len(block)
        if block.strip(b"\0") or size > _LONGEST_PADDING:
            raise ReadError("data follows the end")


def check_name(name: str, file: str) -> None:
    """Raises FileRejectedError (``archive_unsafe``): the name would lead out of the archive's folder."""
    plain = name.replace("\\", "/")
    if plain.startswith("/") or plain[1:2] == ":" or ".." in plain.split("/") or "\0" in plain:
        raise _unsafe(file, "names a member by an absolute or a parent path")


def _check_count(count: int, file: str) -> None:
    if count > MAX_MEMBERS:
        raise FileRejectedError(
            "archive_too_many", f"{file}: the archive has more than {MAX_MEMBERS:,} members; use larger parts"
        )


def _unsafe(file: str, what: str) -> FileRejectedError:
    return FileRejectedError(
        "archive_unsafe", f"{file}: the archive {what}; pack plain files under plain names and drop it again"
    )
