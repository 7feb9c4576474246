"""Writes what was decided: rejects, duplicates, and one file of rows for each action, all in file order."""

# ruff: noqa: S608 - SQL is built from names and numbers made here; all other text passes `literal`

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from listrak_relay.adapters.duckdb.deciding.contacts import Contacts
from listrak_relay.adapters.duckdb.deciding.profile import Profile
from listrak_relay.adapters.duckdb.deciding.verdicts import DELIVERED, Reason
from listrak_relay.adapters.duckdb.loading.source import ROW_GROUP, LoadedRows, stretches
from listrak_relay.adapters.duckdb.sql.csv_files import as_csv, copy_csv, copy_plain, csv_options, line_limit
from listrak_relay.adapters.duckdb.sql.expressions import column, literal
from listrak_relay.adapters.duckdb.sql.session import FETCH_ROWS
from listrak_relay.adapters.duckdb.writing.chunk_files import ActionFile
from listrak_relay.adapters.duckdb.writing.stretches import in_stretches
from listrak_relay.adapters.formats.records import DETAILS as DAMAGE_DETAILS
from listrak_relay.adapters.formats.records import RAW_LIMIT
from listrak_relay.domain.consent.statements import Statement
from listrak_relay.domain.run.manifest import AUDIENCE_MARK, Action
from listrak_relay.domain.run.rejects import REJECT_COLUMNS, RejectOutcome

_ROWS_AT_ONCE = 10 * ROW_GROUP


def write_rejects(
    session: duckdb.DuckDBPyConnection,
    source: LoadedRows,
    width: int,
    reasons: list[Reason],
    path: Path,
    also: str = "''",
) -> dict[str, int]:
    """Write the rejects file if there is a reject, damaged rows included; rejected rows by reason code. ``also``: SQL
    for what the detail is to say besides."""
    _list_rows(session, source, width, reasons, "verdict", also)
    _add_texts(session, source, path.with_suffix(".texts"))
    if source.damaged_path is not None and source.damaged:
        _add_damaged(session, source.damaged_path)
    return _write_listed(session, RejectOutcome.REJECTED, path)


def write_warnings(
    session: duckdb.DuckDBPyConnection,
    source: LoadedRows,
    width: int,
    reasons: list[Reason],
    path: Path,
    *,
    code: str,
    also: str,
) -> dict[str, int]:
    """Write rows that are sent although something is wrong, if there are any; how many by reason code. ``code``: SQL
    for the code of the reason."""
    _list_rows(session, source, width, reasons, code, also)
    _add_texts(session, source, path.with_suffix(".texts"))
    return _write_listed(session, RejectOutcome.WARNED, path)


def write_damaged(session: duckdb.DuckDBPyConnection, source: LoadedRows, path: Path) -> None:
    """Write the rejects file of a source of which nothing but the damaged rows is to be told."""
    write_rejects(session, source, 0, [], path)


def _list_rows(
    session: duckdb.DuckDBPyConnection, source: LoadedRows, width: int, reasons: list[Reason], code: str, also: str
) -> None:
    session.execute(
        "CREATE OR REPLACE TABLE reject (row BIGINT, reason VARCHAR, field VARCHAR, detail VARCHAR, record VARCHAR)"
    )
    if reasons:
        known = ", ".join(f"({r.code}, {literal(r.reason)}, {literal(r.column)}, {literal(r.detail)})" for r in reasons)
        record = as_csv([column(index) for index in range(width)])
        # From the end on: DuckDB drops from memory what was used longest ago, and who reads next reads from the start.
        for stretch in reversed(stretches(source.rows, _ROWS_AT_ONCE)):
            session.execute(
                f"INSERT INTO reject SELECT {source.row}, reason, field, detail || {also}, {record} "
                f"FROM source JOIN (VALUES {known}) AS known (code, reason, field, detail) ON {code} = code "
                f"WHERE {stretch}"
            )


def _add_texts(session: duckdb.DuckDBPyConnection, source: LoadedRows, passing: Path) -> None:
    """Tell each listed row as it stands in its file, where that is a text. ``passing``: a file for their way here."""
    for texts in source.texts:
        mine = f"FROM reject WHERE row > {texts.offset} AND row <= {texts.offset + texts.last}"
        if session.execute(f"SELECT count(*) {mine}").fetchone() == (0,):
            continue
        found = session.execute(f"SELECT row {mine} ORDER BY row")
        with passing.open("w", encoding="utf-8", newline="") as stream:
            write = csv.writer(stream, lineterminator="\n", quoting=csv.QUOTE_ALL).writerow
            for number, text in texts.read(row - texts.offset for row in _fetched(found)):
                write((number + texts.offset, text))
        session.execute(
            f"UPDATE reject SET record = told.record FROM read_csv({literal(str(passing))}, "
            "columns = {'row': 'BIGINT', 'record': 'VARCHAR'}, "
            f"parallel = false, {csv_options(line_limit=line_limit(RAW_LIMIT))}) AS told WHERE reject.row = told.row"
        )
        passing.unlink()


def _fetched(found: duckdb.DuckDBPyConnection) -> Iterator[int]:
    while batch := found.fetchmany(FETCH_ROWS):
        yield from (row for (row,) in batch)


def _write_listed(session: duckdb.DuckDBPyConnection, outcome: RejectOutcome, path: Path) -> dict[str, int]:
    counts = session.execute("SELECT reason, count(*) FROM reject GROUP BY ALL ORDER BY ALL").fetchall()
    if counts:
        values = ("row", literal(outcome), "reason", "nullif(field, '')", "detail", "record")
        named = ", ".join(f"{value} AS {name}" for name, value in zip(REJECT_COLUMNS, values, strict=True))
        session.execute(copy_csv(f"SELECT {named} FROM reject ORDER BY reject.row", path, header=True))
    return {str(reason): int(count) for reason, count in counts}


def _add_damaged(session: duckdb.DuckDBPyConnection, damaged: Path) -> None:
    known = ", ".join(f"({literal(reason)}, {literal(detail)})" for reason, detail in DAMAGE_DETAILS.items())
    session.execute(
        "INSERT INTO reject SELECT row, reason, NULL, detail, record "
        f"FROM read_csv({literal(str(damaged))}, "
        "columns = {'row': 'BIGINT', 'reason': 'VARCHAR', 'record': 'VARCHAR'}, "
        f"parallel = false, {csv_options(line_limit=line_limit(RAW_LIMIT))}) "
        f"JOIN (VALUES {known}) AS known (reason, detail) USING (reason)"
    )


def write_duplicates(session: duckdb.DuckDBPyConnection, source: LoadedRows, path: Path) -> int:
    """Write the duplicates file if there is a duplicate; how many there are."""
    counted = session.execute("SELECT count(*) FROM duplicate").fetchone()
    if not counted or not counted[0]:
        return 0
    numbers = f"SELECT rowid AS id, {source.row} AS row FROM source"
    # Row numbers rise with rowid. Where they do so evenly, nothing has to be looked up.
    pairs = (
        f"SELECT {source.row_of('dropped')} AS row, {source.row_of('kept')} AS kept_row FROM duplicate ORDER BY row"
        if source.even
        else f"SELECT d.row AS row, k.row AS kept_row FROM duplicate JOIN ({numbers}) AS d ON d.id = dropped "
        f"JOIN ({numbers}) AS k ON k.id = kept ORDER BY d.row"
    )
    session.execute(copy_csv(pairs, path, header=True))
    return int(counted[0])


_STATED = (
    (Action.SUBSCRIBE, (Statement.YES, Statement.NOT_OUT)),
    (Action.UNSUBSCRIBE, (Statement.NO,)),
    (Action.KEEP, (Statement.NOT_ASKED, Statement.UNDATED)),
)
"""What is done with rows by what they say of consent."""


def write_actions(
    session: duckdb.DuckDBPyConnection,
    source: LoadedRows,
    contacts: Contacts,
    profile: Profile,
    unstated: Action,
    folder: Path,
) -> Iterator[ActionFile]:
    """The files of each action that has rows, in the order of the rows. ``unstated``: of rows that say nothing."""
    found = {code for (code,) in session.execute(f"SELECT DISTINCT action FROM source WHERE {DELIVERED}").fetchall()}
    with in_stretches(session, source.rows) as in_each_stretch:
        for action, statements in (*_STATED, (unstated, (Statement.NOTHING,))):
            if found.isdisjoint(statements):
                continue
            values = () if action is Action.UNSUBSCRIBE else (*profile.values, literal(AUDIENCE_MARK))
            assumed = Statement.NOTHING in statements
            clearing = profile.clears if action is not Action.UNSUBSCRIBE else None
            for clears in (False, True) if clearing else (False,):
                chosen = f"({clearing}) = {str(clears).lower()}" if clearing else "true"
                writing = _Writing(
                    action, assumed, clears, statements, (contacts.normal, *values), chosen, source, folder
                )
                yield from filter(None, in_each_stretch(writing.write))


@dataclass(frozen=True, slots=True)
class _Writing:
    """The rows of one action.

    ``assumed``: they say nothing of consent themselves.
    ``clears``: each has a value that is to be taken away.
    ``statements``: what they say.
    ``values``: SQL for what is written of a row.
    ``chosen``: SQL for which of them these are.
    ``source``: what is known of table ``source``.
    ``folder``: for the files.
    """

    action: Action
    assumed: bool
    clears: bool
    statements: tuple[Statement, ...]
    values: tuple[str, ...]
    chosen: str
    source: LoadedRows
    folder: Path

    def write(self, session: duckdb.DuckDBPyConnection, number: int, part: str) -> ActionFile | None:
        """None if there is no row of the action in the part."""
        kind = f"{'-assumed' if self.assumed else ''}{'-clearing' if self.clears else ''}"
        name = f"{self.action.value}{kind}-part-{number}"
        path, rows_path = (self.folder / f"{name}.{suffix}" for suffix in ("csv", "rows"))
        codes = ", ".join(str(said.value) for said in self.statements)
        rows = f"FROM source WHERE {DELIVERED} AND action IN ({codes}) AND {self.chosen} AND {part}"
        # No ORDER BY: a filtered scan keeps the order of the table (preserve_insertion_order); a sort takes longer.
        [(count,)] = session.execute(
            copy_plain(self.values, rows, path)
            if self.source.plain
            else copy_csv(f"SELECT {', '.join(self.values)} {rows}", path)
        ).fetchall()
        if not count:
            path.unlink()
            return None
        session.execute(copy_csv(f"SELECT {self.source.row} {rows}", rows_path))
        return ActionFile(self.action, path, rows_path, count, self.assumed, self.clears)
