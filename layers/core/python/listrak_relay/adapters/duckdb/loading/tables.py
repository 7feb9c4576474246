"""Finds the format and the columns of unpacked files."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import duckdb

from listrak_relay.adapters.duckdb.loading.delimited import DelimitedTable
from listrak_relay.adapters.duckdb.loading.parquet import unreadable
from listrak_relay.adapters.duckdb.loading.parquet_opening import open_parquet
from listrak_relay.adapters.duckdb.loading.records import RecordedTable, json_table
from listrak_relay.adapters.duckdb.loading.table import Table
from listrak_relay.adapters.formats.delimited.dialect import find_dialect
from listrak_relay.adapters.formats.delimited.grammar import Dialect
from listrak_relay.adapters.formats.delimited.quoting import common_dialect
from listrak_relay.adapters.formats.delimited.sample import start_of
from listrak_relay.adapters.formats.delimited.survey import survey
from listrak_relay.adapters.formats.json_layout import COPIED_JSON, is_copied, json_format
from listrak_relay.adapters.formats.json_records import JsonRecords
from listrak_relay.adapters.formats.kinds import START_BYTES, is_encrypted_parquet, is_parquet, refuse_other_kinds
from listrak_relay.adapters.formats.text_encoding import UTF_8_MARK, codec_of, evidence_of, find_encoding, to_utf_8
from listrak_relay.adapters.formats.workbook_records import open_sheet
from listrak_relay.adapters.unpacking.layers import DataFile
from listrak_relay.domain.destinations.data_template import DataTemplate
from listrak_relay.domain.destinations.encodings import UTF_8, shown_name
from listrak_relay.domain.destinations.file_rules import FileFormat, FileRules
from listrak_relay.errors import FileRejectedError

_TEXT_START = 1 << 16
_PARTS_LOOKED_AT = 100


def open_tables(
    session: duckdb.DuckDBPyConnection,
    files: Sequence[DataFile],
    rules: FileRules,
    template: DataTemplate | None,
    work: Path,
    columns: Sequence[str] = (),
    *,
    most_bytes: int,
    dialect: Dialect | None = None,
) -> list[tuple[str, Table]]:
    """Name and table of each file. Where all are JSON each has the columns of all, and ``columns`` before them: writers
    leave a key out where it has no value, and so from a whole part. ``most_bytes``: of all values of a Parquet file.
    ``dialect``: of delimited text, None to find it.

    Raises:
        FileRejectedError and ConfigurationError: as `open_table` does.
    """
    tables = [open_table(session, found, rules, template, work, most_bytes, dialect) for found in files]
    if dialect is None:
        tables = _in_one_dialect(tables, rules, template)
    if are_json(tables):
        names = list(dict.fromkeys([*columns, *(name for table in tables for name in table.names)]))
        tables = [replace(table, names=names) for table in tables if isinstance(table, RecordedTable)]
    return [(found.name, table) for found, table in zip(files, tables, strict=True)]


def _in_one_dialect(tables: list[Table], rules: FileRules, template: DataTemplate | None) -> list[Table]:
    """One program wrote all parts, but not every part shows each habit of it."""
    delimited = [table for table in tables if isinstance(table, DelimitedTable)]
    if len(delimited) < 2:  # noqa: PLR2004 - a single one is read by its own
        return tables
    starts = [start_of(table.path) for table in delimited[:_PARTS_LOOKED_AT]]
    dialects = [table.facts.dialect for table in delimited]
    if telling := [line for start in starts for line in start.telling]:
        # What a single row of each would show as damage, the rows of all show as a habit.
        dialects.append(find_dialect(replace(starts[0], telling=tuple(telling)), rules))
    different = list(dict.fromkeys(dialects))
    marks = tuple(dict.fromkeys(mark for dialect in dialects for mark in dialect.null_marks))
    common = different[0] if len(different) == 1 else common_dialect(starts, different)
    texts = tuple(dict.fromkeys(text for dialect in dialects for text in dialect.null_texts))
    common = replace(common, null_marks=marks, null_texts=texts)

    def read_so(table: Table) -> Table:
        if not isinstance(table, DelimitedTable) or _reads_alike(table.facts.dialect, common):
            return table
        table.facts.wait()
        facts = survey(table.path, table.facts.file, rules, template, beside=True, dialect=common)
        return replace(table, facts=facts)

    return [read_so(table) for table in tables]


def _reads_alike(one: Dialect, other: Dialect) -> bool:
    return one == other and all(
        set(mine) == set(theirs)
        for mine, theirs in ((one.null_marks, other.null_marks), (one.null_texts, other.null_texts))
    )


def are_json(tables: Sequence[Table]) -> bool:
    """Whether their columns are named in every row."""
    return all(isinstance(table, RecordedTable) and isinstance(table.content, JsonRecords) for table in tables)


def open_table(
    session: duckdb.DuckDBPyConnection,
    found: DataFile,
    rules: FileRules,
    template: DataTemplate | None,
    work: Path,
    most_bytes: int,
    dialect: Dialect | None = None,
) -> Table:
    """Find the format and the columns of an unpacked file. ``dialect``: of delimited text, None to find it.

    Raises:
        FileRejectedError: it is of no format that can be read, or has no header that can be.
        ConfigurationError: the destination names a sheet that is not there.
    """
    with found.path.open("rb") as stream:
        start = stream.read(START_BYTES)
    if found.workbook:
        sheet = open_sheet(found.path, found.name, rules, template)
        notes = {"format": FileFormat.XLSX.value, "sheet": sheet.name, "sheets_not_read": list(sheet.others)}
        return RecordedTable(sheet, sheet.names, found.name, notes)
    if is_parquet(start):
        return open_parquet(session, found.path, found.name, most_bytes, work, template)
    if is_encrypted_parquet(start, found.path):
        raise unreadable(found.name)
    refuse_other_kinds(start, found.name, rules.encoding)
    if rules.format in (FileFormat.PARQUET, FileFormat.XLSX):
        raise FileRejectedError(
            "format_unsupported",
            f"{found.name}: the destination expects {rules.format} and this is something else; correct file.format",
        )
    path, name = _as_utf_8(found, start, rules, work)
    kind = rules.format or _text_format(path, found.name)
    if kind in (FileFormat.JSON, FileFormat.NDJSON):
        records = JsonRecords(path, found.name, kind)
        return json_table(records, records.names(), name)
    return DelimitedTable(path, survey(path, found.name, rules, template, beside=True, dialect=dialect), name)


def _as_utf_8(found: DataFile, start: bytes, rules: FileRules, work: Path) -> tuple[Path, str]:
    if start.startswith(BOM_UTF8):
        if not rules.encoding:
            evidence_of(found.path).check_once(found.name)
        return found.path, UTF_8_MARK
    encoding = rules.encoding or find_encoding(found.path, found.name)
    if encoding == UTF_8:
        return found.path, shown_name(encoding)
    target = work / f"{found.path.name}-utf-8"
    to_utf_8(found.path, codec_of(encoding, start), target)
    if found.path.parent == work:
        found.path.unlink()
    return target, shown_name(encoding)


def _text_format(path: Path, file: str) -> FileFormat:
    with path.open(encoding="utf-8-sig", errors="surrogateescape") as stream:
        start = stream.read(_TEXT_START)
    found = json_format(start) or FileFormat.DELIMITED
    if found is not FileFormat.DELIMITED and is_copied(start):
        raise FileRejectedError("json_unreadable", f"{file}: {COPIED_JSON}")
    return found
