"""What a file is, told by its first bytes."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from listrak_relay.adapters.formats.foreign import foreign_kind
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
    b"ARROW1\0": "an Arrow file",
    b"SQLite format 3\0": "a SQLite database",
    b"%PDF-": "a PDF document",
    b"\x89PNG\r\n": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"\x7fELF": "a program",
    b"MZ\x90\0": "a program",
    b"{\\rtf": "an RTF document",
    b"\xff\xfe\0\0": "text in UTF-32",
    b"\0\0\xfe\xff": "text in UTF-32",
}
"""First bytes of what is dropped by mistake, so that the message can say so."""


_WIDE = "utf-16"
_WIDEST = "utf-32"
_UNIT, _RECORD = b"\x1f", b"\x1e"
_ORC = b"ORC"
"""Words may begin so, too."""

_HTML = re.compile(rb"<(!doctype\s+html|html|head|body|title|script|table|tr|td|div|meta)\b", re.IGNORECASE)
_S3_ERROR = re.compile(rb"(<\?xml[^>]*\?>\s*)?<Error>\s*<Code>")
_VCARD = re.compile(rb"BEGIN:VCARD\b", re.IGNORECASE)
_OPEN_DOCUMENT = b"mimetypeapplication/vnd.oasis.opendocument."
_XML = re.compile(rb"<\?xml\b|<!--|<!DOCTYPE\b|<[A-Za-z][\w:.-]*(\s[^<>]*)?>\s*<")
_MARKS = re.compile(rb"(\xef\xbb\xbf)?\s*")
_BINARY_SHARE = 0.05  # of control characters; text of any encoding has next to none, packed data has a tenth
_BINARY_LEAST = 8  # of them, so that a few damaged rows of a small file stay rows
_LATIN_SHARE = 0.25
_STRAY_SHARE = 0.2
_CONTROLS = bytes([*range(9), *range(14, 27), 127])
_WIDE_CONTROLS = frozenset(_CONTROLS.decode("latin-1"))


def _other_kind(start: bytes, *, wide: bool) -> str | None:
    text = start
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = start.decode("utf-16", "ignore").encode("utf-8", "ignore")
    text = text[_marks_end(text) :]
    return foreign_kind(start, text) or _kind(start, text, wide=wide)


def _kind(start: bytes, text: bytes, *, wide: bool) -> str | None:
    if _HTML.match(text):
        return "an HTML page, such as a server sends in place of a file, or a program saves under the name .xls"
    if _S3_ERROR.match(text):
        return "an error message of S3 in XML"
    if _XML.match(text):
        return "an XML document"
    if _VCARD.match(text):
        return "a vCard file"
    if _OPEN_DOCUMENT in start[:200]:
        return "an OpenDocument file (.ods)"
    if magic := next((magic for magic in _OTHER_KINDS if start.startswith(magic)), None):
        return _OTHER_KINDS[magic]
    if _UNIT in start and _RECORD in start and b"\n" not in start and not _is_binary(start):
        return "text with signs for the ends of values and rows (\\x1f, \\x1e), as SQLite's mode ascii writes"
    if _is_binary(start) and not (wide or is_wide(start)):
        return "an ORC file" if start.startswith(_ORC) else "binary data, no text"
    return None


def _is_binary(start: bytes) -> bool:
    controls = len(start) - len(start.translate(None, _CONTROLS))
    if b"\0" not in start or controls < max(_BINARY_LEAST, _BINARY_SHARE * len(start)):
        return False
    try:
        # A character may be cut at the end.
        codecs.getincrementaldecoder("utf-8")().decode(start)
    except UnicodeDecodeError:
        return True
    return False


def _marks_end(start: bytes) -> int:
    found = _MARKS.match(start)
    return found.end() if found else 0


def is_wide(start: bytes) -> bool:
    """Whether a text begins in UTF-16: with its mark, or so that it can be read, with NUL bytes at every other place,
    as the Latin letters of any header have them. Signs of other scripts have none, and a few have one at the other."""
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return True
    pairs = len(start) // 2
    first, second = (start[place : 2 * pairs : 2].count(0) for place in (0, 1))
    fewer, more = sorted((first, second))
    if pairs <= 1 or more <= pairs * _LATIN_SHARE or fewer > more * _STRAY_SHARE:
        return False
    try:
        text = codecs.getincrementaldecoder("utf-16-be" if first > second else "utf-16-le")().decode(start)
    except UnicodeDecodeError:
        return False
    return sum(sign in _WIDE_CONTROLS for sign in text) <= _BINARY_SHARE * len(text)


def refuse_other_kinds(start: bytes, file: str, encoding: str | None = None) -> None:
    """Raises FileRejectedError (``format_unsupported``): a file that begins so is no text, and of a kind that is
    known and not read. ``encoding``: of the text, where that is told; a wide one has signs that no other text has."""
    if encoding and encoding.startswith(_WIDEST):
        return
    if start.startswith(_OLD_EXCEL):
        raise FileRejectedError(
            "format_unsupported",
            f"{file}: this looks like an old Excel file, or one locked by a password; save it as .xlsx without a "
            "password, or as CSV in UTF-8",
        )
    if other := _other_kind(start, wide=encoding is not None and encoding.startswith(_WIDE)):
        kind, _, advice = other.partition("; ")
        raise FileRejectedError(
            "format_unsupported",
            f"{file}: this is {kind}, which is not read; {f'{advice}, or ' if advice else ''}drop CSV, JSON, Parquet "
            "or XLSX, plain or packed by gzip, bzip2, zstd, zip or tar",
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
