"""From unpacked files to table ``source``: each file's format is found, its rows loaded, and parts put behind each
other with one row numbering."""

# ruff: noqa: S608 - SQL is built from names and numbers made here; all other text passes `literal`

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import duckdb

from listrak_relay.adapters.duckdb.loading.delimited import load
from listrak_relay.adapters.duckdb.loading.parquet import open_parquet, unreadable
from listrak_relay.adapters.duckdb.loading.records import load_records
from listrak_relay.adapters.duckdb.loading.source import Layout, Shape, Source
from listrak_relay.adapters.formats.delimited.survey import CsvSurvey, survey
from listrak_relay.adapters.formats.json_records import JsonRecords, json_format
from listrak_relay.adapters.formats.kinds import is_encrypted_parquet, is_parquet, refuse_other_kinds
from listrak_relay.adapters.formats.text_encoding import NAMES, UTF_8_MARK, codec_of, find_encoding, to_utf_8
from listrak_relay.adapters.formats.workbook_records import Sheet, open_sheet
from listrak_relay.adapters.unpacking.layers import DataFile
from listrak_relay.domain.columns.columns import listed
from listrak_relay.domain.destinations.destinations import DataTemplate
from listrak_relay.domain.destinations.file_rules import FileEncoding, FileFormat, FileRules
from listrak_relay.domain.run.manifest import Part
from listrak_relay.domain.values.names import same_name_key
from listrak_relay.errors import FileRejectedError

_START = 4_096
_TEXT_START = 1 << 16
_MARK = b"\xef\xbb\xbf"
_DELIMITER_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}


class Table(Protocol):
    """One file of rows. ``names``: of its columns, as spelled there. ``unclean``: values can hold more than plain
    spaces to trim, or line breaks, or control characters. ``notes``: for the report."""

    @property
    def names(self) -> list[str]: ...

    @property
    def unclean(self) -> bool: ...

    @property
    def notes(self) -> dict[str, Any]: ...

    def load(self, session: duckdb.DuckDBPyConnection, shape: Shape, work: Path, layout: Layout) -> tuple[Source, int]:
        """Make table ``source``; the last row number in the file comes with it."""
        ...


@dataclass(frozen=True, slots=True)
class _Delimited:
    path: Path
    facts: CsvSurvey
    encoding: str

    @property
    def names(self) -> list[str]:
        return self.facts.names

    @property
    def unclean(self) -> bool:
        self.facts.wait()
        return self.facts.odd_spaces or self.facts.controls

    @property
    def notes(self) -> dict[str, Any]:
        dialect = self.facts.dialect
        found: dict[str, Any] = {
            "format": FileFormat.DELIMITED.value,
            "delimiter": _DELIMITER_NAMES.get(dialect.delimiter, repr(dialect.delimiter)),
            "encoding": self.encoding,
        }
        if not dialect.quote or dialect.quote != '"':
            found["quote"] = dialect.quote or "none"
        if dialect.escape:
            found["escape"] = dialect.escape
        if self.facts.header_row > 1:
            found["lines_before_header"] = self.facts.header_row - 1
        return found

    def load(self, session: duckdb.DuckDBPyConnection, shape: Shape, work: Path, layout: Layout) -> tuple[Source, int]:
        source = load(session, self.path, self.facts, shape, work, layout)
        return source, self.facts.header_row + source.records


@dataclass(frozen=True, slots=True)
class _Recorded:
    """JSON or a sheet of Excel."""

    content: JsonRecords | Sheet
    names: list[str]
    file: str
    notes: dict[str, Any]
    unclean: bool = True

    def load(self, session: duckdb.DuckDBPyConnection, shape: Shape, work: Path, layout: Layout) -> tuple[Source, int]:
        found = self.content.records(self.names) if isinstance(self.content, JsonRecords) else self.content.records()
        source = load_records(session, found, shape, work, layout, self.file)
        return source, source.records


def open_tables(
    session: duckdb.DuckDBPyConnection,
    files: Sequence[DataFile],
    rules: FileRules,
    template: DataTemplate | None,
    work: Path,
    columns: Sequence[str] = (),
) -> list[tuple[str, Table]]:
    """Name and table of each file. Where all are JSON each has the columns of all, and ``columns`` before them: writers
    leave a key out where it has no value, and so from a whole part.

    Raises:
        FileRejectedError and ConfigurationError: as `open_table` does.
    """
    tables = [open_table(session, found, rules, template, work) for found in files]
    if are_json(tables):
        names = list(dict.fromkeys([*columns, *(name for table in tables for name in table.names)]))
        tables = [replace(table, names=names) for table in tables if isinstance(table, _Recorded)]
    return [(found.name, table) for found, table in zip(files, tables, strict=True)]


def are_json(tables: Sequence[Table]) -> bool:
    """Whether their columns are named in every row."""
    return all(isinstance(table, _Recorded) and isinstance(table.content, JsonRecords) for table in tables)


def open_table(
    session: duckdb.DuckDBPyConnection, found: DataFile, rules: FileRules, template: DataTemplate | None, work: Path
) -> Table:
    """Find the format and the columns of an unpacked file.

    Raises:
        FileRejectedError: it is of no format that can be read, or has no header that can be.
        ConfigurationError: the destination names a sheet that is not there.
    """
    with found.path.open("rb") as stream:
        start = stream.read(_START)
    if found.workbook:
        sheet = open_sheet(found.path, found.name, rules, template)
        notes = {"format": FileFormat.XLSX.value, "sheet": sheet.name, "sheets_not_read": list(sheet.others)}
        return _Recorded(sheet, sheet.names, found.name, notes)
    if is_parquet(start):
        return open_parquet(session, found.path, found.name)
    if is_encrypted_parquet(start, found.path):
        raise unreadable(found.name)
    refuse_other_kinds(start, found.name)
    if rules.format in (FileFormat.PARQUET, FileFormat.XLSX):
        raise FileRejectedError(
            "format_unsupported",
            f"{found.name}: the destination expects {rules.format} and this is something else; correct file.format",
        )
    path, name = _as_utf_8(found, start, rules, work)
    kind = rules.format or _text_format(path)
    if kind in (FileFormat.JSON, FileFormat.NDJSON):
        records = JsonRecords(path, found.name, kind)
        return json_table(records, records.names(), name)
    return delimited_table(path, survey(path, found.name, rules, template, beside=True), name)


def json_table(records: JsonRecords, names: list[str], encoding: str) -> Table:
    """``names``: of the columns. ``encoding``: in the words of the report."""
    notes = {"format": records.format.value, "encoding": encoding}
    return _Recorded(records, names, records.file, notes)


def delimited_table(path: Path, facts: CsvSurvey, encoding: str) -> Table:
    """``path`` is UTF-8. ``encoding``: in the words of the report."""
    return _Delimited(path, facts, encoding)


def load_parts(
    session: duckdb.DuckDBPyConnection,
    tables: Sequence[tuple[str, Table]],
    shape: Shape,
    work: Path,
    rules: FileRules,
    *,
    columns: Sequence[str] = (),
    offset: int = 0,
) -> tuple[Source, tuple[Part, ...], int]:
    """Put the rows of all files, name and table each, behind each other in table ``source``; the last row number comes
    with them. ``columns``: names of the run's, if they are not those of the first file. ``offset``: added to all row
    numbers.

    Raises:
        FileRejectedError: the files have not the same columns (code ``parts_differ``), or what `Table.load` raises.
    """
    (first, table), *others = tables
    wanted = list(columns) or table.names
    layout = Layout(null_word=rules.null_word, offset=offset)
    if not others and wanted == table.names:
        source, last = table.load(session, shape, work, layout)
        return source, (Part(first, offset),), offset + last
    whole: Source | None = None
    parts: list[Part] = []
    for name, part in tables:
        placed = replace(layout, order=_order(wanted, part.names, first, name), offset=offset)
        source, last = part.load(session, shape, work, placed)
        selected = "*" if source.row == "row" else f"{source.row} AS row, *"
        begin = "CREATE TABLE whole AS" if whole is None else "INSERT INTO whole"
        session.execute(f"{begin} SELECT {selected} FROM source")
        session.execute("DROP TABLE source")
        parts.append(Part(name, offset))
        whole = source if whole is None else _added(whole, source)
        offset += last
    session.execute("ALTER TABLE whole RENAME TO source")
    assert whole is not None  # noqa: S101 - there is at least one file
    return replace(whole, row="row"), tuple(parts), offset


def _added(one: Source, other: Source) -> Source:
    return replace(
        one,
        way=one.way if one.way == other.way else "exact",
        rows=one.rows + other.rows,
        records=one.records + other.records,
        breaks=one.breaks or other.breaks,
        damaged=one.damaged + other.damaged,
        together=one.together and not other.damaged,
        plain=one.plain and other.plain,
        damaged_path=one.damaged_path or other.damaged_path,
    )


def _order(names: list[str], others: list[str], first: str, file: str) -> tuple[int, ...]:
    places = {same_name_key(name): place for place, name in enumerate(others)}
    wanted = [same_name_key(name) for name in names]
    if len(others) != len(names) or set(places) != set(wanted):
        raise FileRejectedError(
            "parts_differ",
            f"{file}: the parts of one drop must have the same columns; this one has {listed(others)}, and {first} has "
            f"{listed(names)}",
        )
    return tuple(places[key] for key in wanted)


def _as_utf_8(found: DataFile, start: bytes, rules: FileRules, work: Path) -> tuple[Path, str]:
    if start.startswith(_MARK):
        return found.path, UTF_8_MARK
    encoding = rules.encoding or find_encoding(found.path)
    if encoding is FileEncoding.UTF_8:
        return found.path, NAMES[encoding]
    target = work / f"{found.path.name}-utf-8"
    to_utf_8(found.path, codec_of(encoding, start), target)
    if found.path.parent == work:
        found.path.unlink()
    return target, NAMES[encoding]


def _text_format(path: Path) -> FileFormat:
    with path.open(encoding="utf-8-sig", errors="surrogateescape") as stream:
        return json_format(stream.read(_TEXT_START)) or FileFormat.DELIMITED
