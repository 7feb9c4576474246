"""What a file is, told by its first bytes."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from pathlib import Path

from listrak_relay.errors import FileRejectedError

START_BYTES = 4_096
"""Of a file, by which its kind is told."""

_OLD_EXCEL = b"\xd0\xcf\x11\xe0"

_OTHER_KINDS = {
    b"\xfd7zXZ\0": "an xz file",
    b"7z\xbc\xaf\x27\x1c": "a 7-Zip archive",
    b"Rar!\x1a\x07": "a RAR archive",
    b"\x04\x22\x4d\x18": "an LZ4 file",
    b"\xff\x06\0\0sNaPpY": "a Snappy file",
    b"Obj\x01": "an Avro file",
    b"ORC\n": "an ORC file",
    b"ARROW1\0": "an Arrow file",
    b"SQLite format 3\0": "a SQLite database",
    b"%PDF-": "a PDF document",
    b"\xff\xfe\0\0": "text in UTF-32",
    b"\0\0\xfe\xff": "text in UTF-32",
}
"""First bytes of what is dropped by mistake, so that the message can say so."""


_OPEN_DOCUMENT = b"mimetypeapplication/vnd.oasis.opendocument."

_MARKUP = re.compile(
    rb"\s*(?:(?P<html><!doctype html|<html|<head|<body|<table)|(?P<error><\?xml[^>]*\?>\s*<Error>|<Error>)"
    rb"|(?P<xml><\?xml|<[a-z][\w:.-]*(?:\s[^<>]*)?>\s*<)|(?P<vcard>BEGIN:VCARD))",
    re.IGNORECASE,
)
_MARKUP_KINDS = {
    "html": "an HTML page, which some programs save under the name .xls",
    "error": "an error message in XML, such as S3 answers with, and no data",
    "xml": "XML",
    "vcard": "a vCard file",
}


def refuse_other_kinds(start: bytes, file: str) -> None:
    """Raises FileRejectedError (``format_unsupported``): a file that begins so is no text, and of a kind that is
    known and not read."""
    if start.startswith(_OLD_EXCEL):
        raise FileRejectedError(
            "format_unsupported",
            f"{file}: this looks like an old Excel file, or one locked by a password; save it as .xlsx without a "
            "password, or as CSV in UTF-8",
        )
    if _OPEN_DOCUMENT in start[:200]:
        other: str | None = "an OpenDocument file (.ods)"
    elif found := _MARKUP.match(start.removeprefix(BOM_UTF8)):
        other = _MARKUP_KINDS[found.lastgroup or "xml"]
    else:
        other = next((kind for magic, kind in _OTHER_KINDS.items() if start.startswith(magic)), None)
    if other:
        raise FileRejectedError(
            "format_unsupported",
            f"{file}: this is {other}, which is not read; drop CSV, JSON, Parquet or XLSX, plain or packed by "
            "gzip, bzip2, zstd, zip or tar",
        )


_MAGIC = b"PAR1"

_ENCRYPTED = b"PARE"


def is_parquet(start: bytes) -> bool:
    return start.startswith(_MAGIC)


def is_encrypted_parquet(start: bytes, path: Path) -> bool:
    """Whether even the footer is encrypted. A header may begin like that, but no text ends so too."""
    if not start.startswith(_ENCRYPTED):
        return False
    with path.open("rb") as stream:
        stream.seek(-len(_ENCRYPTED), 2)
        return stream.read() == _ENCRYPTED
