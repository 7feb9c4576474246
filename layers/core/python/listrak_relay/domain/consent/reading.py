"""What the cells of one row say together, and what a whole file said."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from listrak_relay.domain.consent import statements
from listrak_relay.domain.consent.names import Reading
from listrak_relay.domain.consent.statements import Question, Statement
from listrak_relay.domain.values.counted import noun
from listrak_relay.domain.values.text import WHITE_SPACE

_DAY = re.compile(statements.DAY_PATTERN)
_NO_DAY = re.compile(statements.NO_DAY_PATTERN)
_FIRST_DAY = re.compile(statements.FIRST_DAY_PATTERN)
_OUT = {question: re.compile(statements.out_pattern(question)) for question in Question}
_NEGATED = re.compile(statements.NEGATED_PATTERN)


def all_words(reading: Reading) -> Mapping[str, Statement]:
    """Every word that can be read in such a column, in its normal form."""
    return {**statements.words(reading.question), **reading.words}


def read_cell(value: str, reading: Reading) -> Statement:
    """What one cell says."""
    words = all_words(reading)
    as_is = words.get(value.lower())
    if as_is is not None:
        return as_is
    word = statements.normal_word(value)
    if not word:
        return statements.blank(reading.question)
    if word in words:
        return words[word]
    text = value.strip(WHITE_SPACE)
    if _NO_DAY.search(text):
        return statements.blank(reading.question)
    if _FIRST_DAY.search(text):
        return statements.first_day(reading.question)
    if _DAY.search(text):
        return statements.day(reading.question)
    if _OUT[reading.question].search(word) and not _NEGATED.search(word):
        return statements.out(reading.question)
    return statements.other(reading.question)


def read_row(cells: Sequence[tuple[str, Reading]]) -> Statement:
    """What the cells of a row, at least one, say together: no before all, and what is doubtful before yes."""
    return min(read_cell(value, reading) for value, reading in cells)


@dataclass(frozen=True, slots=True)
class ConsentNotes:
    """What the consent of a file was taken from, for the report.

    ``columns``: names of the columns that told it, as they may be shown.
    ``counts``: rows to be delivered, by the name of the `Statement` they make, in lower case.
    ``destination``: its name.
    ``unstated``: what it makes of rows that say nothing, as its setting has it.
    ``passed_over``: names of columns that speak of consent and were not read, since its setting has it so.
    ``contradicted``: rows of a no for which another column has a yes.
    """

    columns: tuple[str, ...]
    counts: dict[str, int]
    destination: str
    unstated: str
    passed_over: tuple[str, ...] = ()
    contradicted: int = 0

    def joined(self, more: ConsentNotes) -> ConsentNotes:
        """With those of other rows of the file."""
        counts = dict(Counter(self.counts) + Counter(more.counts))
        return replace(self, counts=counts, contradicted=self.contradicted + more.contradicted)

    def as_dict(self) -> dict[str, Any]:
        """As the report has it."""
        return {"columns": list(self.columns), "rows": dict(sorted(self.counts.items())), "sentence": self.sentence()}

    def sentence(self) -> str:
        """For people: what consent was taken from, and how many said what."""
        if not self.passed_over:
            return self._taken_from()
        names = ", ".join(self.passed_over)
        return (
            f"{self._taken_from()} Not read: {noun(len(self.passed_over), 'column')} {names}, because "
            f"destination {self.destination} has unsure_opt_status: subscribe."
        )

    def _taken_from(self) -> str:
        nothing, not_asked = self._rows(Statement.NOTHING), self._rows(Statement.NOT_ASKED, Statement.UNDATED)
        does = {"subscribe": "to be subscribed", "update": "only to be updated"}.get(self.unstated, "rejected")
        because = f"because destination {self.destination} has missing_opt_status: {self.unstated}"
        if not self.columns:
            if not nothing:
                return "Consent: no column says who wants to be written to."
            everybody = "the only row" if nothing == 1 else f"all {nothing:,}"
            return f"Consent: no column says who wants to be written to; {everybody} {does}, {because}."
        names = ", ".join(self.columns)
        said = [f"{self._rows(Statement.YES, Statement.NOT_OUT):,} yes", f"{self._rows(Statement.NO):,} no"]
        if not_asked:
            said.append(f"{not_asked:,} not asked or not able")
        if unclear := self._rows(Statement.BLANK, Statement.UNANSWERED, Statement.UNREADABLE):
            said.append(f"{unclear:,} blank or unreadable, which are rejected")
        if nothing:
            said.append(f"{nothing:,} say nothing and are {does}, {because}")
        # A column such as optedOut has its yes where consent has its no, so it is said whose words these are.
        tells = f"column {names} tells" if len(self.columns) == 1 else f"columns {names} tell"
        found = f"Consent: as {tells} it, {', '.join(said)}."
        if not self.contradicted:
            return found
        rows = "1 row, which counts" if self.contradicted == 1 else f"{self.contradicted:,} rows, which count"
        return f"{found} The columns contradict each other in {rows} as no."

    def _rows(self, *statements: Statement) -> int:
        return sum(self.counts.get(statement.name.lower(), 0) for statement in statements)
