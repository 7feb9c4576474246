"""Decides the verdict of each row in table ``source``: delivered, a duplicate, or rejected and why.

Order matters: duplicates are found among all rows with a valid contact key before anything else is checked, so that
the last word on a person counts even if that row cannot be used.
"""

# ruff: noqa: S608 - SQL is built from names and numbers made here; all other text passes `literal`

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import duckdb

from listrak_relay.adapters.duckdb.deciding.contacts import Contacts
from listrak_relay.adapters.duckdb.deciding.second_look import SecondLook
from listrak_relay.adapters.duckdb.loading.source import UNDECIDED
from listrak_relay.adapters.duckdb.sql.csv_files import csv_options
from listrak_relay.adapters.duckdb.sql.expressions import cleaned, column, literal, trimmed
from listrak_relay.adapters.duckdb.sql.rules import (
    is_date,
    is_no_number,
    is_number,
)
from listrak_relay.adapters.duckdb.sql.session import FETCH_ROWS, bounded_operators
from listrak_relay.domain.columns import field_types
from listrak_relay.domain.columns.file_columns import FileColumns
from listrak_relay.domain.consent import statements
from listrak_relay.domain.consent.statements import Statement
from listrak_relay.domain.values.contact_faults import ContactFault
from listrak_relay.domain.values.text import UNSEEN

_DUPLICATE = 2
_FIRST_REASON = 3

DELIVERED = "verdict = 0"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why rows with verdict ``code`` are rejected."""

    code: int
    reason: str
    column: str
    detail: str


class Verdicts:
    """Table ``duplicate`` (``dropped``, ``kept``: rowids) is made on the way."""

    def __init__(self, session: duckdb.DuckDBPyConnection, plan: FileColumns, contacts: Contacts) -> None:
        self._session = session
        self.plan = plan
        self.contacts = contacts
        self.reasons: list[Reason] = []

    def decide_contacts(self, work: Path) -> None:
        """Every row's contact key: in the column for it where it is valid, a reason where it is not."""
        contacts, header = self.contacts, self.plan.contact.header
        codes = {fault: self._reason(fault.reason, header, fault.detail) for fault in contacts.faults}
        # A table of its own, since few rows come here and an update of the large table looks at all of it.
        self._run(
            f"CREATE TABLE undecided AS SELECT rowid AS id, {trimmed(contacts.raw, UNSEEN)} AS text, verdict "
            f"FROM source WHERE verdict = {UNDECIDED}"
        )
        usual = contacts.usual("text", self._distinct)
        self._run(
            f"UPDATE undecided SET text = coalesce({usual}, text), verdict = CASE "
            f"WHEN coalesce(text, '') = '' THEN {codes[contacts.missing]} WHEN {usual} IS NOT NULL THEN 0 "
            f"WHEN {contacts.maybe('text')} THEN {UNDECIDED} ELSE {codes[contacts.invalid]} END"
        )
        self._decide_unusual(codes, work / "unusual.csv")
        found = "FROM undecided WHERE source.rowid = undecided.id"
        self._run(f"UPDATE source SET verdict = undecided.verdict {found} AND source.verdict = {UNDECIDED}")
        self._run(
            f"UPDATE source SET {contacts.column} = text {found} AND undecided.verdict = 0 "
            f"AND {contacts.column} IS DISTINCT FROM text"
        )
        self._run("DROP TABLE undecided")

    def _distinct(self, value: str) -> list[str]:
        found = self._session.execute(f"SELECT DISTINCT {value} AS value FROM undecided ORDER BY ALL").fetchall()
        return [value for (value,) in found if value is not None]

    def _decide_unusual(self, codes: Mapping[ContactFault, int], answers: Path) -> None:
        """Each distinct text left is asked about once; the answers that are not merely "invalid" come by a file."""
        invalid = self.contacts.invalid
        self._run(f"CREATE TABLE unusual AS SELECT DISTINCT text AS value FROM undecided WHERE verdict = {UNDECIDED}")
        found = self._session.execute("SELECT rowid, value FROM unusual")
        with answers.open("w", encoding="utf-8", newline="") as stream:
            write = csv.writer(stream, lineterminator="\n").writerow
            while batch := found.fetchmany(FETCH_ROWS):
                for number, value in batch:
                    answer = self.contacts.read(value)
                    if isinstance(answer, str):
                        write((number, 0, answer))
                    elif answer != invalid:
                        write((number, codes[answer], ""))
        self._run(
            "UPDATE undecided SET text = coalesce(answer.contact, text), verdict = answer.verdict FROM ("
            f"SELECT value, contact, verdict FROM read_csv({literal(str(answers))}, "
            "columns = {'number': 'BIGINT', 'verdict': 'SMALLINT', 'contact': 'VARCHAR'}, "
            f"{csv_options(line_limit=100_000)}) JOIN unusual ON unusual.rowid = number) AS answer "
            f"WHERE undecided.verdict = {UNDECIDED} AND text = answer.value"
        )
        self._run(f"UPDATE undecided SET verdict = {codes[invalid]} WHERE verdict = {UNDECIDED}")
        self._run("DROP TABLE unusual")
        answers.unlink()

    def drop_duplicates(self) -> None:
        """Of rows with the same contact key the last one stays."""
        find_duplicates(self._session, f"source WHERE {DELIVERED}", "rowid", self.contacts.normal)
        self._drop("rowid", "SELECT dropped FROM duplicate")

    def drop_rows(self, row: str, rows: str) -> None:
        """Duplicates of rows elsewhere. ``row``: SQL for a row's number. ``rows``: a query that gives those to drop."""
        self._drop(row, rows)

    def _drop(self, row: str, rows: str) -> None:
        self._run(f"UPDATE source SET verdict = {_DUPLICATE} WHERE {row} IN ({rows})")

    def decide_opt_status(self, *, unstated_rejected: bool) -> None:
        """``unstated_rejected``: a row that says nothing is rejected like one with a blank."""
        if not self.plan.consent:
            return
        header = ", ".join(column.header for column in self.plan.consent)
        blank = [Statement.BLANK, Statement.UNANSWERED, *([Statement.NOTHING] if unstated_rejected else [])]
        for said, reason in ((blank, statements.BLANK), ([Statement.UNREADABLE], statements.UNREADABLE)):
            code = self._reason(reason, header, statements.DETAILS[reason])
            codes = ", ".join(str(found.value) for found in said)
            self._run(f"UPDATE source SET verdict = {code} WHERE {DELIVERED} AND action IN ({codes})")

    def decide_declared_types(self) -> None:
        """Values that do not fit the type that a data template, or the column's role, gives them.

        Rows that unsubscribe carry no values, so nothing in them can keep a person from leaving.
        """
        for field in self.plan.fields:
            if field.value_type in (None, "text"):
                continue
            date_format = field.rule.date_format if field.rule else None
            raw, numeric = column(field.index), field.value_type == "numeric"
            reason = field_types.NOT_NUMERIC if numeric else field_types.NOT_DATE
            fits = _is_numeric if numeric else partial(is_date, date_format=date_format)
            clean = f"nullif({cleaned(raw)}, '')"
            code = self._reason(reason, field.header, field_types.detail(reason, date_format))
            word = field.rule.clear_word if field.rule else None
            cleared = f"AND {trimmed(raw)} <> {literal(word)} " if word else ""
            misfits = self._run(
                f"UPDATE source SET verdict = {code} WHERE {DELIVERED} "
                f"AND action <> {Statement.NO.value} AND {raw} IS NOT NULL {cleared}"
                # Cleaning is the dear part, and nearly all values fit without.
                f"AND CASE WHEN {fits(raw)} THEN false ELSE {clean} IS NOT NULL AND NOT coalesce({fits(clean)}, false) "
                "END"
            )
            if misfits:
                self._look_again(code, raw, fits)

    def _look_again(self, code: int, raw: str, fits: Callable[[str], str]) -> None:
        found, look = self.reasons[-1], SecondLook(raw, fits)
        self._run(f"UPDATE source SET verdict = 0, {raw} = NULL WHERE verdict = {code} AND {look.is_none}")
        self._run(f"UPDATE source SET verdict = 0, {raw} = {look.bare} WHERE verdict = {code} AND {look.fits}")
        for detail, test in look.told.items():
            other = self._reason(found.reason, found.column, detail)
            self._run(f"UPDATE source SET verdict = {other} WHERE verdict = {code} AND {test}")

    def _reason(self, reason: str, header: str, detail: str) -> int:
        code = _FIRST_REASON + len(self.reasons)
        self.reasons.append(Reason(code, reason, header, detail))
        return code

    def _run(self, statement: str) -> int:
        """How many rows it changed, where it changes rows."""
        answer = self._session.execute(statement).fetchone()
        return int(answer[0]) if answer else 0


def _is_numeric(value: str) -> str:
    return f"({is_number(value)} OR {is_no_number(value)})"


def find_duplicates(session: duckdb.DuckDBPyConnection, rows: str, number: str, key: str, *, kept: str = "max") -> None:
    """Make table ``duplicate`` (``dropped``, ``kept``): of rows with the same key the one with the highest number is
    kept, or with the lowest if ``kept`` is ``min``. ``rows``: what stands behind FROM. ``number`` and ``key``: SQL."""
    # Hashes are quicker to group than keys and take less memory. Rows whose hashes meet are then compared
    # by key, since two keys can have one hash.
    with bounded_operators(session):
        session.execute(
            f"CREATE TABLE met AS SELECT hash({key}) AS number FROM {rows} GROUP BY ALL HAVING count(*) > 1"
        )
    session.execute(
        f"CREATE TABLE alike AS SELECT id, contact FROM (SELECT {number} AS id, {key} AS contact FROM {rows}) "
        "WHERE hash(contact) IN (SELECT number FROM met)"
    )
    session.execute(
        "CREATE TABLE duplicate AS SELECT id AS dropped, stays AS kept FROM alike "
        f"JOIN (SELECT contact, {kept}(id) AS stays FROM alike GROUP BY ALL) USING (contact) WHERE id <> stays"
    )
    session.execute("DROP TABLE met")
    session.execute("DROP TABLE alike")
