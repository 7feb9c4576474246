"""The columns of one file, each with what it means."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from listrak_relay.domain.consent.doubts import Doubt, doubt_of
from listrak_relay.domain.consent.names import Reading
from listrak_relay.domain.consent.statements import Question
from listrak_relay.domain.destinations.choices import Channel
from listrak_relay.domain.destinations.data_template import ColumnRole, ColumnRule
from listrak_relay.domain.values import email_address, phone_number
from listrak_relay.domain.values.names import shown


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file.

    ``index``: 0-based place in the file.
    ``header``: as spelled there, trimmed.
    ``role``: what it means.
    ``field``: profile field's name.
    ``rule``: of the data template.
    ``reading``: how it is read if it tells consent.
    """

    index: int
    header: str
    role: ColumnRole
    field: str
    rule: ColumnRule | None = None
    reading: Reading | None = None

    @property
    def shown(self) -> str:
        """The header, or the column's place where that may be somebody's data."""
        return shown(self.header, f"column {self.index + 1}")

    @property
    def value_type(self) -> str | None:
        """``text``, ``numeric`` or ``date`` where the data template, or the role, fixes it; None = found from the
        values.
        """
        if self.rule and self.rule.type:
            return self.rule.type
        if self.role is ColumnRole.FIELD:
            return None
        return "date" if self.role is ColumnRole.BIRTHDAY else "text"


@dataclass(frozen=True, slots=True)
class FileColumns:
    """The columns of one file.

    ``channel``: what the file is for.
    ``columns``: all of them, in their order.
    ``contact``: the email address, or for SMS the phone number.
    ``consent``: those that tell it; none where the file says nothing of it.
    ``fields``: profile fields, and for SMS the facts that Listrak keeps outside them.
    """

    channel: Channel
    columns: tuple[Column, ...]
    contact: Column
    consent: tuple[Column, ...]
    fields: tuple[Column, ...]

    @property
    def headers(self) -> list[str]:
        return [column.header for column in self.columns]

    @property
    def ask_who_wants(self) -> bool:
        """Whether a column of consent asks what people want, and not only whom nothing reaches."""
        return any(column.reading and column.reading.question is not Question.UNREACHABLE for column in self.consent)

    def may_be_contact(self, text: str) -> bool:
        """Whether a field could hold the contact key."""
        return phone_number.may_be(text) if self.channel is Channel.SMS else email_address.may_be(text)

    def roles(self) -> dict[str, str]:
        """Header, as it may be shown → role, for the report."""
        return {column.shown: column.role.value for column in self.columns}

    def doubtful(self) -> Iterator[tuple[Column, Doubt]]:
        """Profile fields of which their names and the data template leave open whether they tell consent."""
        for column in self.fields:
            open_ = column.rule is None or column.rule.by_name
            if open_ and column.role is ColumnRole.FIELD and column.reading is None:
                yield column, doubt_of(column.header, self.channel)

    def read_as_consent(self, doubtful: Collection[str]) -> FileColumns:
        """The plan by which columns with these headers tell consent and fill no profile field."""
        told = tuple(
            replace(column, role=ColumnRole.OPT_IN, reading=Reading(Question.OPTED_IN))
            for column in self.fields
            if column.header in doubtful
        )
        by_index = {column.index: column for column in told}
        return replace(
            self,
            columns=tuple(by_index.get(column.index, column) for column in self.columns),
            consent=(*self.consent, *told),
            fields=tuple(column for column in self.fields if column.index not in by_index),
        )
