"""Files of other programs, which are not read, told by how they begin, so that the message can say what they are."""

from __future__ import annotations

import codecs
import re

_ACCESS = "an Access database; export its table as CSV"
_SPSS = "an SPSS file; save it as CSV there"
_SAS = "a SAS data set; export it by PROC EXPORT as CSV"
_STATA = "a Stata data set; write it by export delimited"
_R = "data of R; write it by write.csv"
_PICKLE = "a pickle of Python; write it by to_csv or to_parquet"
_EMAIL = "an email; drop the file that is attached to it"
_AGE = "a file encrypted by age; encrypt it by PGP"

_BINARY = {
    rb"\x00\x01\x00\x00Standard (Jet|ACE) DB": _ACCESS,
    rb"\$FL[23]@\(#\)": _SPSS,
    rb"[\s\S]{12}\xc2\xea\x81\x60\xb3\x14\x11\xcf\xbd\x92": _SAS,
    rb"HEADER RECORD\*{7}": _SAS,
    rb"<stata_dta>|[\x69-\x73][\x01\x02]\x01\0": _STATA,
    rb"RD[XAB][23]\n|X\n\0\0\0[\2\3]|A\n[23]\n[0-9]{6}\n": _R,
    rb"FEA1|\xff{4}[\s\S]{2}\0\0\x10\0\0\0": "an Arrow or Feather file; write it as Parquet",
    rb"\x89HDF\r\n\x1a\n": "an HDF5 file; write it as Parquet or CSV",
    rb"\x93NUMPY": "an array of NumPy; write it as CSV, with a header",
    rb"\x80[\2-\5][\x95\]}(c]|\([ld]p[01]\n": _PICKLE,
    rb"age-encryption\.org/v1|-----BEGIN AGE ENCRYPTED FILE-----": _AGE,
    rb"PGDMP": "a dump of Postgres; write the table by COPY",
    rb"PGCOPY\n\xff": "a binary copy of Postgres; write it by COPY as CSV",
    rb"bplist00": "a property list of Apple",
    rb"HyPe": "an extract of Tableau; write it as CSV",
    rb"PFA1": "a Puffin file of Iceberg, which holds no rows",
    rb"LZIP\x01|\x89LZO\0|\x1f[\x9d\xa0]|MSCF\0{4}|\x5d\0\0[\s\S]{2}\xff": "packed in a way that is not unpacked",
    rb"[\s\S]{2}\0\0[\x01-\x13][ -~]+\0": "BSON of MongoDB; write it by mongoexport",
}
_TEXTS = {
    rb"TABLE\r?\n0,1\r?\n": "a DIF file; save it as CSV",
    rb"ID;P.*\r?\n(?:P;P|B;[XY]|C;[XY][0-9]|F;|O;|NN;)": "a SYLK file; save it as CSV",
    rb"socialcalc:version:|version:1\.[0-9]\r?\n(?:cell|sheet|col|row):": "a sheet of SocialCalc; save it as CSV",
    rb"-----BEGIN PGP (?:PUBLIC|PRIVATE) KEY": "a PGP key",
    rb"-----BEGIN PGP SIGNED MESSAGE": "text that was signed by PGP; drop it without the signature",
    rb"-----BEGIN (?!PGP )[A-Z ]+-----": "a key or certificate",
    rb"(?:version: ?[0-9]\s+|#.*\n\s*)*(?:dn: ?\w+=|dn:: \w)": "LDIF of a directory; export it as CSV",
    rb"BEGIN:VCALENDAR": "a calendar",
    rb"From \S+ .*[0-9]{4}\r?\n[\w-]+: ": "a mailbox; drop the file that is attached",
    rb"(?:--.*\n|/\*.*\n|SET .*\n|\s)*(?:INSERT INTO|CREATE TABLE|DROP TABLE|COPY \S+ \()": "SQL; write rows as CSV",
}
_EMAIL_HEADER = re.compile(
    rb"^(from|to|subject|date|received|mime-version|content-type|message-id|return-path|delivered-to): ?.*$",
    re.IGNORECASE | re.MULTILINE,
)
_HEADER_LINE = re.compile(rb"[A-Za-z][\w-]+:[ \t]\S")
_FEWEST_HEADERS = 3
_DBASE = frozenset(b"\x02\x03\x30\x31\x43\x63\x83\x8b\xf5")
_PORTABLE = b"ASCII SPSS PORT FILE"
_FEWEST_CONTROLS, _CONTROL_SHARE = 4, 0.05
_CONTROLS = bytes([*range(2, 9), *range(14, 27)])

_MAGIC, _BEGINNINGS = ([(re.compile(pattern), name) for pattern, name in table.items()] for table in (_BINARY, _TEXTS))


def foreign_kind(start: bytes, text: bytes) -> str | None:
    """What a file is that begins so, and behind a semicolon what to do with it; None if it may be one that is read.
    ``text``: the same in UTF-8, without marks and white space before it."""
    for table, begin in ((_MAGIC, start), (_BEGINNINGS, text)):
        if name := next((name for pattern, name in table if pattern.match(begin)), None):
            return name
    if _PORTABLE in start[:400]:
        return _SPSS
    if _is_dbase(start):
        return "a dBase file; save it as CSV"
    if _is_message_pack(start):
        return "MessagePack; write it as JSON"
    if _is_email(text):
        return _EMAIL
    return "binary data, no text, such as Protobuf" if _has_all_kinds_of_controls(start) else None


def _is_dbase(start: bytes) -> bool:
    """Of which the head says when it was written, and how long it is."""
    if len(start) <= 32 or start[0] not in _DBASE or not (1 <= start[2] <= 12 and 1 <= start[3] <= 31):  # noqa: PLR2004 - its form
        return False
    size = int.from_bytes(start[8:10], "little")
    return size % 32 in (1, 8, 9) and (size > len(start) or b"\r" in start[size - 265 if size > 265 else 0 : size])  # noqa: PLR2004


_PACKED_MAP = re.compile(
    rb"(?:[\x91-\x9f]|\xdc[\s\S]{2})?(?:[\x81-\x8f]|\xde[\s\S]{2})([\xa1-\xbf])([ -~]+)[\x80-\xff]"
)


def _is_message_pack(start: bytes) -> bool:
    """Whether it begins with a map, also within a list, of which the first key is as long as is said before it."""
    found = _PACKED_MAP.match(start)
    return found is not None and len(found[2]) == found[1][0] & 0x1F


def _is_email(text: bytes) -> bool:
    if not _HEADER_LINE.match(text):
        return False
    head = text.replace(b"\r\n", b"\n").split(b"\n\n")[0]
    return len({name.lower() for name in _EMAIL_HEADER.findall(head)}) >= _FEWEST_HEADERS


def _has_all_kinds_of_controls(start: bytes) -> bool:
    """Text has one or two, as delimiters or by damage; that of other encodings has its own, and is no UTF-8."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start)
    except UnicodeDecodeError:
        return False
    controls = len(start) - len(start.translate(None, _CONTROLS))
    return controls > _CONTROL_SHARE * len(start) and len(set(start) & set(_CONTROLS)) >= _FEWEST_CONTROLS
