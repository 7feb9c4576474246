"""Loads a CSV file into table ``source`` of a DuckDB session, one table row for each row of the file, in file order.

Table ``source``: ``c0`` … the fields as text (NULL when empty), ``action`` (code of what the opt status asks for) and
``verdict`` (0 for a row whose contact key is valid at first sight, else `UNDECIDED`). For SMS also ``contact``, the
number in E.164. Its ``rowid`` follows the file.

Two ways lead there. The *fast* one lets DuckDB parse the file, then proves by counting bytes that no row was merged,
skipped, bent or read too kindly. If anything is odd, the *exact* one reads record by record, sets damaged rows apart,
and hands DuckDB a clean copy with row numbers.
"""

# ruff: noqa: S608 - SQL is built from names and numbers made here; all other text passes `literal`

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import duckdb

from listrak_relay.adapters.csv_records import RECORD_LIMIT, RecordReader
from listrak_relay.adapters.csv_survey import CsvSurvey
from listrak_relay.adapters.duckdb_contacts import Contacts
from listrak_relay.adapters.duckdb_sql import (
    ACTION_CODES,
    column,
    csv_options,
    literal,
    opt_status_code,
)
from listrak_relay.domain.audience import Action
from listrak_relay.domain.columns import ColumnPlan
from listrak_relay.errors import FileRejectedError

UNDECIDED = 1
_CLEAN_LINE_LIMIT = 8 * RECORD_LIMIT + 1_000
"""Bytes: four for a character, doubled if each is a quote."""


@dataclass(frozen=True, slots=True)
class Source:
    """``row``: SQL for the row number in the file. ``breaks``: line breaks may be inside values. ``damaged``: rows set
    apart, which are in file ``damaged_path`` (``row, reason, record``)."""

    way: str
    row: str
    rows: int
    breaks: bool
    damaged: int = 0
    damaged_path: Path | None = None


def load(
    session: duckdb.DuckDBPyConnection,
    path: Path,
    facts: CsvSurvey,
    plan: ColumnPlan,
    contacts: Contacts,
    unstated: Action,
    work: Path,
) -> Source:
    """``unstated``: what to do with rows of a file without an opt status column. ``work``: a folder for passing files.

    Raises:
        FileRejectedError: rows cannot be told apart (code ``quotes_unreadable``).
    """
    fast = load_fast(session, path, facts, plan, contacts, unstated)
    return fast or load_exact(session, path, facts, plan, contacts, unstated, work)


def _create(
    session: duckdb.DuckDBPyConnection, plan: ColumnPlan, contacts: Contacts, unstated: Action, rows: str
) -> int:
    if plan.opt_status is None:
        action = f"{ACTION_CODES[unstated]}::TINYINT"
    else:
        action = opt_status_code(column(plan.opt_status.index), inverted=plan.inverted)
    created = session.execute(
        f"CREATE TABLE source AS SELECT *, {action} AS action, "
        f"(CASE WHEN {contacts.known} THEN 0 ELSE {UNDECIDED} END)::SMALLINT AS verdict FROM {contacts.rows(rows)}"
    ).fetchone()
    return int(created[0]) if created else 0


def load_fast(
    session: duckdb.DuckDBPyConnection,
    path: Path,
    facts: CsvSurvey,
    plan: ColumnPlan,
    contacts: Contacts,
    unstated: Action,
) -> Source | None:
    """None if the file needs the exact way."""
    width = len(plan.columns)
    if (
        facts.newline is None
        or facts.nul
        or facts.spaced_quotes
        or not facts.plain_header
        or (width == 1 and (facts.blank_lines or facts.quotes))
    ):
        return None
    columns = ", ".join(f"{literal(column(i))}: 'VARCHAR'" for i in range(width))
    options = csv_options(delimiter=facts.delimiter, newline=facts.newline, line_limit=RECORD_LIMIT)
    try:
        parsed = f"read_csv({literal(str(path))}, columns = {{{columns}}}, skip = 1, {options})"
        rows = _create(session, plan, contacts, unstated, parsed)
    except duckdb.InvalidInputException:
        return None
    if _adds_up(session, facts, width, rows):
        return Source("fast", "rowid + 2", rows, breaks=rows != facts.lines - 1)
    session.execute("DROP TABLE source")
    return None


def _adds_up(session: duckdb.DuckDBPyConnection, facts: CsvSurvey, width: int, rows: int) -> bool:
    """Whether every delimiter of the file either parts two fields or stands inside a value, and every line end either
    ends a row or stands inside a value. DuckDB passes over a delimiter at the end of a row, which would be a field too
    many, over blank lines, and over a row of one quoted empty field."""
    delimiters = facts.delimiters - facts.header_delimiters - rows * (width - 1)
    line_ends = facts.lines - 1 - rows
    if delimiters == 0 and line_ends == 0:
        return True
    if not facts.quotes or facts.blank_lines or delimiters < 0 or line_ends < 0:
        return False
    columns = [column(i) for i in range(width)]
    counts = [" + ".join(_count(mark, c) for c in columns) for mark in (literal(facts.delimiter), "chr(10)")]
    counted = session.execute(f"SELECT {', '.join(counts)} FROM source").fetchone()
    return counted == (delimiters, line_ends)


def _count(mark: str, value: str) -> str:
    return f"coalesce(sum(strlen({value}) - strlen(replace({value}, {mark}, ''))), 0)"


def load_exact(
    session: duckdb.DuckDBPyConnection,
    path: Path,
    facts: CsvSurvey,
    plan: ColumnPlan,
    contacts: Contacts,
    unstated: Action,
    work: Path,
) -> Source:
    clean, damaged = work / "clean.csv", work / "damaged.csv"
    sound, broken, breaks = _part(path, facts, plan, clean, damaged)
    columns = ", ".join(f"{literal(column(i))}: 'VARCHAR'" for i in range(len(plan.columns)))
    rows = _create(
        session,
        plan,
        contacts,
        unstated,
        f"read_csv({literal(str(clean))}, columns = {{'row': 'BIGINT', {columns}}}, parallel = false, "
        f"{csv_options(line_limit=_CLEAN_LINE_LIMIT)})",
    )
    if rows != sound:
        raise FileRejectedError(
            "file_unreadable",
            f"{facts.file}: {sound} sound rows were found, {rows} could be loaded; write the file anew as plain CSV",
        )
    clean.unlink()
    return Source("exact", "row", rows, breaks, broken, damaged)


def _part(path: Path, facts: CsvSurvey, plan: ColumnPlan, clean: Path, damaged: Path) -> tuple[int, int, bool]:
    """Write sound rows and damaged ones apart; how many there are of each, and whether a sound one has line breaks."""
    sound = broken = 0
    breaks = False
    with (
        path.open(encoding="utf-8-sig", errors="surrogateescape", newline="", buffering=1 << 20) as stream,
        clean.open("w", encoding="utf-8", newline="", buffering=1 << 20) as clean_stream,
        damaged.open("w", encoding="utf-8", newline="") as damaged_stream,
    ):
        # All quoted: before Python 3.13 the module leaves a carriage return bare if the line end has none.
        write_clean = csv.writer(clean_stream, lineterminator="\n", quoting=csv.QUOTE_ALL).writerow
        write_damaged = csv.writer(damaged_stream, lineterminator="\n", quoting=csv.QUOTE_ALL).writerow
        reader = RecordReader(
            stream,
            facts.delimiter,
            file=facts.file,
            width=len(plan.columns),
            key_field=plan.contact.index,
            may_be_key=plan.may_be_contact,
            again_limit=64_000_000 + 4 * facts.size,
        )
        for record in reader:
            if record.row <= facts.header.row:
                continue
            if record.damage:
                broken += 1
                write_damaged((record.row, record.damage, record.raw))
            else:
                sound += 1
                breaks = breaks or len(record.lines) > 1
                write_clean((record.row, *record.fields))
    return sound, broken, breaks
