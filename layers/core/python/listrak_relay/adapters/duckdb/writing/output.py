"""Writes what was decided: duplicates, and one file of rows for each action, all in file order."""

# ruff: noqa: S608 - SQL is built from names and numbers made here; all other text passes `literal`

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from listrak_relay.adapters.duckdb.deciding.contacts import Contacts
from listrak_relay.adapters.duckdb.deciding.profile import Profile
from listrak_relay.adapters.duckdb.deciding.verdicts import DELIVERED
from listrak_relay.adapters.duckdb.loading.source import LoadedRows
from listrak_relay.adapters.duckdb.sql.csv_files import copy_csv, copy_plain
from listrak_relay.adapters.duckdb.sql.expressions import literal
from listrak_relay.adapters.duckdb.writing.chunk_files import ActionFile
from listrak_relay.adapters.duckdb.writing.stretches import in_stretches
from listrak_relay.domain.consent.statements import Statement
from listrak_relay.domain.run.manifest import AUDIENCE_MARK, Action


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
