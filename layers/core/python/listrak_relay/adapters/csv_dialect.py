"""Finds how a delimited file is written, from its first rows: delimiter, quote, escape, and where its header is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from itertools import islice
from pathlib import Path

from listrak_relay.adapters.csv_records import Dialect, Record, RecordReader
from listrak_relay.domain.column_names import usual_role
from listrak_relay.domain.destinations import Channel, ColumnRole, DataTemplate
from listrak_relay.domain.file_rules import FileRules
from listrak_relay.domain.names import same_name_key

DELIMITERS = (",", ";", "\t", "|")
"""Looked for first, in order of preference."""

RARE_DELIMITERS = ("\x01", "\x1f", "^", "~", "¦")
"""Looked for where none of the others parts anything; the first is Hive's."""

_SAMPLE_ROWS = 1_000
_SAMPLE_CHARACTERS = 2_000_000
_DELIMITER_ROWS = 100
_HEADER_ROWS = 20
_FEWEST_BARE_QUOTES = 3
_EXCEL_HINT = "sep="


def find_dialect(path: Path, file: str, rules: FileRules) -> Dialect:
    """What ``rules`` leave open is found from the first thousand rows. ``file``: the drop key, for messages."""
    excel = _excel_delimiter(path)
    quote = '"' if rules.quote is None else rules.quote
    base = Dialect(rules.delimiter or excel or ",", quote, rules.escape)
    if not rules.delimiter and not excel:
        base = _with_delimiter(path, file, base)
    return _with_quoting(path, file, base, rules)


def _with_delimiter(path: Path, file: str, base: Dialect) -> Dialect:
    """The delimiter that gives most rows of one length; of several such the one that gives the longest rows."""
    best, best_score = base, (0, 1)
    for delimiters in (DELIMITERS, RARE_DELIMITERS):
        for delimiter in delimiters:
            if delimiter in (base.quote, base.escape):
                continue
            dialect = replace(base, delimiter=delimiter)
            widths = Counter(len(r.fields) for r in sample(path, file, dialect, _DELIMITER_ROWS) if r.fields)
            width, count = max(widths.items(), key=lambda item: (item[1], item[0]), default=(1, 0))
            if width > 1 and (count, width) > best_score:
                best, best_score = dialect, (count, width)
        if best_score > (0, 1):
            break
    return best


def _with_quoting(path: Path, file: str, base: Dialect, rules: FileRules) -> Dialect:
    """Another quote or an escape only where the usual ones leave damage that the others do not."""
    rows = sample(path, file, base, _SAMPLE_ROWS)
    text = "".join(line for row in rows for line in row.lines)
    if rules.escape is None and base.quote and f"\\{base.quote}" in text:
        escaped = replace(base, escape="\\")
        if _damaged(sample(path, file, escaped, _SAMPLE_ROWS)) < _damaged(rows):
            return escaped
    if rules.quote is not None:
        return base
    if '"' not in text and rows and all(_wrapped(field) for field in rows[0].fields):
        single = replace(base, quote="'")
        return single if not _damaged(sample(path, file, single, _SAMPLE_ROWS)) else base
    # Quotes that never begin a value are part of the values, as inches are.
    if '"' in text and not any(_begins_with_quote(row, base.delimiter) for row in rows):
        bare = replace(base, quote="")
        if _damaged(rows) >= _FEWEST_BARE_QUOTES and not _damaged(sample(path, file, bare, _SAMPLE_ROWS)):
            return bare
    return base


def sample(path: Path, file: str, dialect: Dialect, rows: int) -> list[Record]:
    """The first rows that are not blank, of very long ones fewer."""
    found: list[Record] = []
    size = 0
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as stream:
        for record in RecordReader(stream, dialect, file=file):
            if any(map(str.strip, record.lines)):
                found.append(record)
            size += sum(map(len, record.lines))
            if len(found) >= rows or size > _SAMPLE_CHARACTERS:
                break
    return found


_CONTACT_ROLES = (ColumnRole.EMAIL, ColumnRole.PHONE)


def find_header(rows: Iterable[Record], template: DataTemplate | None) -> Record | None:
    """The first row that names a column of email addresses or phone numbers, among the first ones; else the first."""
    told = {same_name_key(n) for n, r in template.columns.items() if r.role in _CONTACT_ROLES} if template else set()
    first = None
    for row in islice(rows, _HEADER_ROWS):
        if row.row == 1 and row.lines[0].casefold().startswith(_EXCEL_HINT):
            continue
        if first is None:
            first = row
        names = row.fields if row.damage is None else []
        if any(_names_contacts(name) or same_name_key(name) in told for name in names):
            return row
    return first


def _names_contacts(name: str) -> bool:
    return any(usual_role(name, channel) in _CONTACT_ROLES for channel in (Channel.EMAIL, Channel.SMS))


def _damaged(rows: list[Record]) -> int:
    """Rows that are damaged, or not as long as most are."""
    widths = Counter(len(row.fields) for row in rows if row.damage is None)
    return len(rows) - max(widths.values(), default=0)


def _wrapped(field: str) -> bool:
    return len(field) > 1 and field[0] == field[-1] == "'"


def _begins_with_quote(row: Record, delimiter: str) -> bool:
    return any(line.startswith('"') or f'{delimiter}"' in line for line in row.lines)


def _excel_delimiter(path: Path) -> str | None:
    """From the line ``sep=;`` by which Excel is told the delimiter."""
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as stream:
        line = stream.readline(len(_EXCEL_HINT) + 4).rstrip("\r\n")
    if line.casefold().startswith(_EXCEL_HINT) and len(line) == len(_EXCEL_HINT) + 1:
        return line[-1]
    return None
