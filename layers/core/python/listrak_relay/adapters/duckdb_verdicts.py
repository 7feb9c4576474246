"""Decides the verdict of each row in table ``source``: delivered, a duplicate, or rejected and why.

Order matters: duplicates are found among all rows with a valid email address before anything else is checked, so that
the last word on a person counts even if that row cannot be used.
"""

# ruff: noqa: S608 - SQL is built from names and numbers made here; all other text passes `literal`

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import duckdb

from listrak_relay.adapters.duckdb_source import UNDECIDED
from listrak_relay.adapters.duckdb_sql import (
    ACTION_CODES,
    OPT_BLANK,
    OPT_UNREADABLE,
    cleaned,
    column,
    csv_options,
    is_date,
    literal,
    matches,
    trimmed,
    usual_email,
)
from listrak_relay.domain import email_address, field_types, opt_status
from listrak_relay.domain.audience import Action
from listrak_relay.domain.columns import ColumnPlan
from listrak_relay.domain.email_address import UnusualCheck

_DUPLICATE = 2
_FIRST_REASON = 3
_FETCH = 10_000

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

    def __init__(self, session: duckdb.DuckDBPyConnection, plan: ColumnPlan, unusual: UnusualCheck) -> None:
        self._session = session
        self.plan = plan
        self._unusual = unusual
        self.reasons: list[Reason] = []
        self.email = column(plan.email.index)

    def decide_emails(self, work: Path) -> None:
        """Every row's email address, normalised in place where it is valid but not of the usual form."""
        header, details = self.plan.email.header, email_address.DETAILS
        missing = self._reason(email_address.MISSING, header, details[email_address.MISSING])
        invalid = self._reason(email_address.INVALID, header, details[email_address.INVALID])
        # A table of its own, since few rows come here and an update of the large table looks at all of it.
        self._run(
            f"CREATE TABLE undecided AS SELECT rowid AS id, {trimmed(self.email)} AS text, verdict "
            f"FROM source WHERE verdict = {UNDECIDED}"
        )
        maybe = f"contains(text, '@') AND length(text) <= {email_address.LONGEST}"
        self._run(
            f"UPDATE undecided SET verdict = CASE WHEN coalesce(text, '') = '' THEN {missing} "
            f"WHEN {usual_email('text')} THEN 0 WHEN {maybe} THEN {UNDECIDED} ELSE {invalid} END"
        )
        self._decide_unusual(invalid, work / "unusual.csv")
        found = "FROM undecided WHERE source.rowid = undecided.id"
        self._run(f"UPDATE source SET verdict = undecided.verdict {found} AND source.verdict = {UNDECIDED}")
        self._run(f"UPDATE source SET {self.email} = text {found} AND undecided.verdict = 0 AND {self.email} <> text")
        self._run("DROP TABLE undecided")

    def _decide_unusual(self, invalid: int, answers: Path) -> None:
        """Each distinct text left is asked about once; valid ones come back by a file."""
        self._run(f"CREATE TABLE unusual AS SELECT DISTINCT text AS value FROM undecided WHERE verdict = {UNDECIDED}")
        found = self._session.execute("SELECT rowid, value FROM unusual")
        with answers.open("w", encoding="utf-8", newline="") as stream:
            write = csv.writer(stream, lineterminator="\n").writerow
            while batch := found.fetchmany(_FETCH):
                for number, value in batch:
                    if address := self._unusual(value.lower()):
                        write((number, address))
        self._run(
            "UPDATE undecided SET text = answer.address, verdict = 0 FROM ("
            f"SELECT value, address FROM read_csv({literal(str(answers))}, "
            "columns = {'number': 'BIGINT', 'address': 'VARCHAR'}, "
            f"{csv_options(line_limit=100_000)}) JOIN unusual ON unusual.rowid = number) AS answer "
            f"WHERE verdict = {UNDECIDED} AND text = answer.value"
        )
        self._run(f"UPDATE undecided SET verdict = {invalid} WHERE verdict = {UNDECIDED}")
        self._run("DROP TABLE unusual")
        answers.unlink()

    def drop_duplicates(self) -> None:
        """Of rows with the same address the last one stays."""
        address = f"lower({self.email})"
        # Numbers are quicker to group than addresses and take less memory. Rows whose numbers meet are then compared
        # by address, since two addresses can have one number.
        self._run(
            f"CREATE TABLE met AS SELECT hash({address}) AS number FROM source WHERE {DELIVERED} "
            "GROUP BY ALL HAVING count(*) > 1"
        )
        self._run(
            f"CREATE TABLE alike AS SELECT rowid AS id, {address} AS address FROM source "
            f"WHERE {DELIVERED} AND hash({address}) IN (SELECT number FROM met)"
        )
        self._run(
            "CREATE TABLE duplicate AS SELECT id AS dropped, last AS kept FROM alike "
            "JOIN (SELECT address, max(id) AS last FROM alike GROUP BY ALL) USING (address) WHERE id <> last"
        )
        self._run("DROP TABLE met")
        self._run("DROP TABLE alike")
        self._run(f"UPDATE source SET verdict = {_DUPLICATE} WHERE rowid IN (SELECT dropped FROM duplicate)")

    def decide_opt_status(self) -> None:
        if self.plan.opt_status is None:
            return
        for action, reason in ((OPT_BLANK, opt_status.BLANK), (OPT_UNREADABLE, opt_status.UNREADABLE)):
            code = self._reason(reason, self.plan.opt_status.header, opt_status.DETAILS[reason])
            self._run(f"UPDATE source SET verdict = {code} WHERE {DELIVERED} AND action = {action}")

    def decide_declared_types(self) -> None:
        """Values that do not fit the type a data template declares.

        Rows that unsubscribe carry no values, so nothing in them can keep a person from leaving.
        """
        for field in self.plan.fields:
            rule = field.rule
            if rule is None or rule.type in (None, "text"):
                continue
            value = f"nullif({cleaned(column(field.index))}, '')"
            if rule.type == "numeric":
                reason, fits = field_types.NOT_NUMERIC, matches(value, field_types.DECLARED_NUMERIC_PATTERN)
            else:
                reason, fits = field_types.NOT_DATE, is_date(value, rule.date_format)
            code = self._reason(reason, field.header, field_types.detail(reason, rule.date_format))
            self._run(
                f"UPDATE source SET verdict = {code} WHERE {DELIVERED} "
                f"AND action <> {ACTION_CODES[Action.UNSUBSCRIBE]} AND {value} IS NOT NULL "
                f"AND NOT coalesce({fits}, false)"
            )

    def _reason(self, reason: str, header: str, detail: str) -> int:
        code = _FIRST_REASON + len(self.reasons)
        self.reasons.append(Reason(code, reason, header, detail))
        return code

    def _run(self, statement: str) -> None:
        self._session.execute(statement)
