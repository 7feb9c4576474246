"""The start of a CSV file: its header, delimiter, encoding and line ends."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from listrak_relay.adapters.csv_records import ENCODING, NUL, Record, RecordReader
from listrak_relay.errors import FileRejectedError

DELIMITERS = ",;\t|"
"""Looked for in the header, in order of preference."""

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_OTHER_FORMATS = {
    b"\x1f\x8b": "gzip",
    b"PK\x03\x04": "zip or Excel",
    b"PAR1": "Parquet",
    b"BZh": "bzip2",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"\xd0\xcf\x11\xe0": "old Excel",
}


@dataclass(frozen=True, slots=True)
class CsvHead:
    """``file``: the drop key, for messages. ``size`` in bytes."""

    file: str
    delimiter: str
    encoding: str
    header: Record
    size: int

    @property
    def newline(self) -> str | None:
        """The header's line end, ``\\n`` or ``\\r\\n``; None if it has another or none."""
        line = self.header.lines[-1]
        return "\r\n" if line.endswith("\r\n") else "\n" if line.endswith("\n") else None

    @property
    def plain(self) -> bool:
        """The header is the file's first line and no more."""
        return self.header.row == 1 and len(self.header.lines) == 1

    @property
    def header_delimiters(self) -> int:
        return "".join(self.header.lines).count(self.delimiter)


def read_head(path: Path, file: str) -> CsvHead:
    """``file`` is the drop key.

    Raises:
        FileRejectedError: empty, of another format, not UTF-8 in the header, or the header's quotes are broken (codes
            ``file_empty``, ``format_unsupported``, ``encoding_unreadable``, ``header_unreadable``).
    """
    with path.open("rb") as stream:
        start = stream.read(8)
    _check_start(start, file)
    encoding = "UTF-8 with byte order mark" if start.startswith(_BYTE_ORDER_MARK) else "UTF-8"
    delimiter, header = _read_header(path, file)
    return CsvHead(file, delimiter, encoding, header, path.stat().st_size)


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
