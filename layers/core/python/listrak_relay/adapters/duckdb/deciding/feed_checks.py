"""Checks every value of a feed in table ``source`` of a DuckDB session against the published columns.

Column ``verdict`` gets 0 for a row that may be sent, else the code of the first rule that it breaks. Rows that may be
sent although they break a rule are told apart by `FeedChecks.warning`.
"""

# ruff: noqa: S608 - SQL is built from names and numbers made here; all other text passes `literal`

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from listrak_relay.adapters.duckdb.deciding import feed_values
from listrak_relay.adapters.duckdb.deciding.feed_emails import find_no_emails
from listrak_relay.adapters.duckdb.deciding.verdicts import DELIVERED, Reason
from listrak_relay.adapters.duckdb.sql.expressions import (
    column,
    filled,
    literal,
    matches,
    quickly_trimmed,
)
from listrak_relay.adapters.duckdb.sql.rules import is_date, is_no_number
from listrak_relay.domain.destinations.feed_settings import OnFault
from listrak_relay.domain.feeds import rules as feed_rules
from listrak_relay.domain.feeds.column import Kind, Provenance
from listrak_relay.domain.feeds.header import FeedHeader, FileColumn
from listrak_relay.domain.values.email_address import UnusualCheck

FIRST_REASON = 1
STOPPED = Reason(-1, feed_rules.STRICT, "", feed_rules.detail(feed_rules.STRICT))
"""Of a sound row that is not sent because of others."""


_PATTERNS = {
    Kind.PHONE: feed_rules.PHONE_PATTERN,
    Kind.DECIMAL: f"{feed_rules.DECIMAL_PATTERN}|{feed_rules.EXPONENT_PATTERN}",
}


@dataclass(frozen=True, slots=True)
class _Rule:
    """``broken``: SQL, true for a row that breaks it."""

    reason: Reason
    broken: str
    rejects: bool


class FeedChecks:
    """``day``: of the drop, in ISO 8601. Table ``no_email`` is made on the way."""

    def __init__(
        self,
        session: duckdb.DuckDBPyConnection,
        header: FeedHeader,
        on_fault: OnFault,
        day: str,
        unusual: UnusualCheck,
    ) -> None:
        self._session, self._header, self._on_fault = session, header, on_fault
        self._day, self._unusual = day, unusual
        self._rules: list[_Rule] = []

    @property
    def _span(self) -> str:
        """SQL for the days that a past date may be."""
        return f"{literal(feed_rules.EARLIEST)} AND {literal(self._day)}"

    @property
    def reasons(self) -> list[Reason]:
        return [rule.reason for rule in self._rules]

    @property
    def warning(self) -> str:
        """SQL for the code of the first rule that a row breaks without being rejected for it; 0 if there is none."""
        return _first([rule for rule in self._rules if not rule.rejects])

    def also(self, code: str) -> str:
        """SQL for the rules that a row breaks beside that of ``code`` (SQL), as words; empty if there are none."""
        named = (
            f"CASE WHEN {rule.reason.code} <> {code} AND {rule.broken} "
            f"THEN {literal(f'{rule.reason.column} ({rule.reason.reason})')} END"
            for rule in self._rules
        )
        others = f"concat_ws(', ', {', '.join(named)})"
        return f"CASE {others} WHEN '' THEN '' ELSE ' See also: ' || {others} || '.' END"

    def decide(self) -> None:
        self._take_off_signs()
        columns = (column(c.index) for c in self._header.columns if c.rules and c.rules.kind is Kind.EMAIL)
        find_no_emails(self._session, columns, self._unusual)
        for key in self._header.table.keys:
            named = self._header.named(key)
            blank = " AND ".join(f"NOT {filled(column(c.index))}" for c in named)
            self._add(feed_rules.KEY_MISSING, named[0], feed_rules.key_detail(key), blank)
        for found in self._header.columns:
            self._add_rules(found)
        verdict = _first([rule for rule in self._rules if rule.rejects])
        # It is 0 for all before, hardly any row breaks a rule, and what an update changes stays in memory.
        self._session.execute(f"UPDATE source SET verdict = {verdict} WHERE {verdict} <> 0")

    def _take_off_signs(self) -> None:
        for found in self._header.columns:
            if bare := feed_values.without_signs(found):
                self._session.execute(
                    f"UPDATE source SET {column(found.index)} = {bare.value} "
                    f"WHERE {column(found.index)} IS NOT NULL AND {bare.needed}"
                )

    def stop_all(self, *, damaged: int) -> bool:
        """Whether a row is at fault; then no row is sent. ``damaged``: rows that were set apart before."""
        faulty = self._session.execute("SELECT count(*) FROM source WHERE verdict > 0").fetchone()
        if not damaged and not (faulty and faulty[0]):
            return False
        self._session.execute(f"UPDATE source SET verdict = {STOPPED.code} WHERE {DELIVERED}")
        return True

    def _add_rules(self, found: FileColumn) -> None:
        rules = found.rules
        if rules is None:
            return
        if broken := self._not_of_kind(found, rules.kind):
            reason = feed_rules.REASONS[rules.kind]
            self._add(reason, found, feed_rules.detail(reason, rules, found.date_format), broken)
        if rules.max_length is not None:
            too_long = f"length({column(found.index)}) > {rules.max_length}"
            self._add(feed_rules.TOO_LONG, found, feed_rules.detail(feed_rules.TOO_LONG, rules), too_long)

    def _add(self, reason: str, found: FileColumn, detail: str, broken: str) -> None:
        guessed = found.rules is not None and found.rules.source is Provenance.GUESSED
        code = FIRST_REASON + len(self._rules)
        rejects = self._on_fault is not OnFault.WARN and not guessed
        self._rules.append(_Rule(Reason(code, reason, found.header, detail), broken, rejects))

    def _not_of_kind(self, found: FileColumn, kind: Kind) -> str | None:
        """Nearly all values fit as they are; only the others are trimmed."""
        raw = feed_values.in_other_words(found.values, column(found.index))
        trimmed = quickly_trimmed(raw)
        if kind is Kind.EMAIL:
            return f"{filled(raw)} AND EXISTS (FROM no_email WHERE no_email.value = {trimmed})"
        fits, fits_trimmed = (self._fits(found, kind, value) for value in (raw, trimmed))
        if fits is None:
            return None
        return (
            f"CASE WHEN NOT {filled(raw)} THEN false WHEN {fits} THEN false "
            f"ELSE NOT coalesce({fits_trimmed}, false) END"
        )

    def _fits(self, found: FileColumn, kind: Kind, value: str) -> str | None:
        if kind in _PATTERNS:
            fits = matches(value, _PATTERNS[kind])
            if kind is Kind.DECIMAL:
                fits = f"{fits} OR {is_no_number(value)}"
        elif kind is Kind.INTEGER:
            fits = f"{feed_values.is_whole(value)} OR {is_no_number(value)}"
        elif found.rules and (words := feed_values.words_of(found.rules)):
            # A list of so many would be gone through word by word.
            word = "|".join(re.escape(word.lower()) for word in words)
            fits = f"{matches(f'lower({value})', word)} OR {feed_values.is_code(value, words)}"
        elif found.date_format and kind in feed_values.DATES:
            fits = is_date(value, found.date_format)
            if kind is Kind.PAST_DATE:
                fits += f" AND {feed_values.day_by(found.date_format, value)} BETWEEN {self._span}"
        elif kind is Kind.MOMENT or kind is Kind.DATE:
            fits = feed_values.is_moment(value)
        elif kind is Kind.PAST_DATE:
            fits = f"{feed_values.is_moment(value)} AND {feed_values.day(value)} BETWEEN {self._span}"
        else:
            return None
        return f"({fits})"


def _first(rules: Sequence[_Rule]) -> str:
    if not rules:
        return "0"
    cases = " ".join(f"WHEN {rule.broken} THEN {rule.reason.code}" for rule in rules)
    return f"(CASE {cases} ELSE 0 END)::SMALLINT"
