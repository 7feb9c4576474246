"""What can be learned of a CSV file before it is parsed: its header, delimiter, encoding, and byte counts.

The counts let the fast parser's result be proved afterwards, and tell which cleaning the values can need at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from listrak_relay.adapters.csv_records import ENCODING, NUL, Record, RecordReader
from listrak_relay.errors import FileRejectedError

DELIMITERS = ",;\t|"
"""Looked for in the header, in order of preference."""

_BLOCK = 1 << 22
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_CONTROL = bytes((*range(9), 11, 12, *range(14, 32), 127))
_UNICODE_SPACES = tuple(c.encode() for c in "\u0085\u00a0\u200b\u2028\u2029\u3000\ufeff")
_OTHER_FORMATS = {
    b"\x1f\x8b": "gzip",
    b"PK\x03\x04": "zip or Excel",
    b"PAR1": "Parquet",
    b"BZh": "bzip2",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"\xd0\xcf\x11\xe0": "old Excel",
}


@dataclass(slots=True)
class CsvSurvey:
    """``file``: the drop key. ``newline``: ``\\n`` or ``\\r\\n`` if every line ends so, None if the ends are mixed.

    ``lines``: physical lines, the header's among them. ``header_delimiters``, ``delimiters``, ``quotes``: bytes, the
    latter two of the whole file. ``controls``: control characters are present. ``odd_spaces``: white space other than
    plain spaces, or line breaks known to Unicode only, are present. The next two are only looked for where there are
    quotes or a single column. ``blank_lines``: empty lines are present. ``spaced_quotes``: a space is beside a quote.
    """

    file: str
    delimiter: str
    encoding: str
    header: Record
    size: int
    newline: str | None = "\n"
    lines: int = 0
    header_delimiters: int = 0
    delimiters: int = 0
    quotes: int = 0
    nul: bool = False
    controls: bool = False
    odd_spaces: bool = False
    blank_lines: bool = False
    spaced_quotes: bool = False

    @property
    def plain_header(self) -> bool:
        """The header is the file's first line and no more."""
        return self.header.row == 1 and len(self.header.lines) == 1


def survey(path: Path, file: str) -> CsvSurvey:
    """Look through the whole file once. ``file`` is the drop key, for messages.

    Raises:
        FileRejectedError: empty, of another format, not UTF-8 in the header, or the header's quotes are broken (codes
            ``file_empty``, ``format_unsupported``, ``encoding_unreadable``, ``header_unreadable``).
    """
    with path.open("rb") as stream:
        start = stream.read(8)
    _check_start(start, file)
    encoding = "UTF-8 with byte order mark" if start.startswith(_BYTE_ORDER_MARK) else "UTF-8"
    delimiter, header = _read_header(path, file)
    found = CsvSurvey(file, delimiter, encoding, header, path.stat().st_size)
    found.header_delimiters = "".join(header.lines).count(delimiter)
    _count(path, found)
    return found


def _check_start(start: bytes, file: str) -> None:
    for magic, name in _OTHER_FORMATS.items():
        if start.startswith(magic):
            raise FileRejectedError(
                "format_unsupported",
                f"{file}: this looks like a {name} file; drop it as plain CSV in UTF-8 with a header row",
            )
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FileRejectedError("encoding_unreadable", f"{file}: the file is UTF-16; save it as UTF-8")


def _read_header(path: Path, file: str) -> tuple[str, Record]:
    """The delimiter that gives the most header fields, and the header read with it."""
    found = {
        delimiter: record for delimiter in DELIMITERS if (record := _first_record(path, delimiter, file)) is not None
    }
    if not found:
        raise FileRejectedError(
            "file_empty", f"{file}: the file is empty; drop a file with a header row and one row for each contact"
        )
    whole = {delimiter: record for delimiter, record in found.items() if record.damage is None}
    if not whole:
        damage = found[DELIMITERS[0]].damage
        if damage in (ENCODING, NUL):
            raise FileRejectedError(
                "encoding_unreadable", f"{file}: the header is not UTF-8 text; save the file as UTF-8"
            )
        raise FileRejectedError(
            "header_unreadable",
            f"{file}: the header cannot be read ({damage}); write one row of column names, quotes closed",
        )
    delimiter = max(whole, key=lambda d: len(whole[d].fields))
    return delimiter, whole[delimiter]


def _first_record(path: Path, delimiter: str, file: str) -> Record | None:
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as stream:
        return next((r for r in RecordReader(stream, delimiter, file=file) if any(map(str.strip, r.lines))), None)


def _count(path: Path, found: CsvSurvey) -> None:
    """Count bytes block by block. Two bytes of the block before are looked at again where pairs matter."""
    delimiter = found.delimiter.encode()
    single = len(found.header.fields) == 1
    spaced_quotes = [b'" ', b' "'] if found.delimiter == "\t" else [b'" ', b' "', b'"\t', b'\t"']
    returns = pairs = newlines = 0
    before = b"\n"
    with path.open("rb") as stream:
        if stream.read(3) != _BYTE_ORDER_MARK:
            stream.seek(0)
        while block := stream.read(_BLOCK):
            if block.endswith(b"\r"):
                block += stream.read(1)
            newlines += block.count(b"\n")
            found.delimiters += block.count(delimiter)
            quotes = block.count(b'"') if b'"' in block else 0
            found.quotes += quotes
            if b"\r" in block:
                returns += block.count(b"\r")
                pairs += block.count(b"\r\n")
            if len(block.translate(None, _CONTROL)) != len(block):
                found.controls = True
                found.nul = found.nul or b"\0" in block
            if not found.odd_spaces:
                found.odd_spaces = _has_odd_spaces(block, before, found.delimiter)
            if quotes or single:
                overlapped = before + block
                found.blank_lines = found.blank_lines or b"\n\n" in overlapped or b"\n\r\n" in overlapped
                found.spaced_quotes = found.spaced_quotes or any(pair in overlapped for pair in spaced_quotes)
            before = block[-3:]
    if found.quotes and found.delimiter == "\t":
        found.odd_spaces = True
    if returns:
        found.newline = "\r\n" if returns == pairs == newlines else None
    found.lines = newlines + (not before.endswith(b"\n"))


def _has_odd_spaces(block: bytes, before: bytes, delimiter: str) -> bool:
    if delimiter != "\t" and b"\t" in block:
        return True
    if block.isascii() and before.isascii():
        return False
    overlapped = before + block
    # Looking for one byte is many times quicker than looking for several, and these first bytes are rare.
    return any(space[:1] in overlapped and space in overlapped for space in _UNICODE_SPACES)
