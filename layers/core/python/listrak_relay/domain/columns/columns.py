"""What each column of a dropped file means, decided from its header and the destination's data template."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from listrak_relay.domain.columns.column_names import CHANNEL_NAMES, MEANINGS, usual_role
from listrak_relay.domain.columns.header import check_names
from listrak_relay.domain.destinations.destinations import Channel, ColumnRole, ColumnRule, DataTemplate
from listrak_relay.domain.values import email_address, phone_number
from listrak_relay.domain.values.names import listed, same_name_key
from listrak_relay.domain.values.text import clean
from listrak_relay.errors import FileRejectedError

_CONSENT_HINTS = re.compile(r"opt(ed)?(in|out)|subscri|consent|permission|donot")


@dataclass(frozen=True, slots=True)
class Column:
    """``index``: 0-based place in the file. ``header``: as spelled there, trimmed. ``field``: profile field's name."""

    index: int
    header: str
    role: ColumnRole
    field: str
    rule: ColumnRule | None = None

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
class ColumnPlan:
    """The columns of one file. ``contact``: the email address, or for SMS the phone number. ``opt_status`` is None
    where the file says nothing of consent. ``fields``: profile fields, and for SMS the facts that Listrak keeps outside
    them.
    """

    channel: Channel
    columns: tuple[Column, ...]
    contact: Column
    opt_status: Column | None
    fields: tuple[Column, ...]

    @property
    def inverted(self) -> bool:
        """Whether the opt status column asks "opted out?"."""
        return self.opt_status is not None and self.opt_status.role is ColumnRole.OPT_OUT

    @property
    def headers(self) -> list[str]:
        return [column.header for column in self.columns]

    def may_be_contact(self, text: str) -> bool:
        """Whether a field could hold the contact key."""
        return phone_number.may_be(text) if self.channel is Channel.SMS else email_address.may_be(text)

    def roles(self) -> dict[str, str]:
        """Header → role, for the report."""
        return {column.header: column.role.value for column in self.columns}

    def unread_consent(self) -> tuple[str, ...]:
        """Profile fields whose names suggest consent that is not read as such, for the report's reader to look at."""
        fields = [column.header for column in self.fields if column.role is ColumnRole.FIELD]
        return tuple(header for header in fields if _CONSENT_HINTS.search(same_name_key(header)))


def plan_columns(
    header: Sequence[str],
    template: DataTemplate | None,
    *,
    channel: Channel = Channel.EMAIL,
    audience: str,
    file: str,
    notice: str = "",
) -> ColumnPlan:
    """Give every column its role.

    ``file`` is the drop key, for messages. ``notice`` is added to a message that no contact column was found.

    Raises:
        FileRejectedError: the header cannot be used (codes ``header_missing``, ``header_empty_name``,
            ``header_duplicate``, ``too_many_columns``, ``template_column_missing``, ``no_email_column``,
            ``no_phone_column``, ``column_ambiguous``, ``column_names_audience``).
    """
    names = [clean(name) for name in header]
    check_names(names, file, channel)
    rules = _rules_by_key(template, names, file)
    columns = tuple(_column(index, name, rules.get(same_name_key(name)), channel) for index, name in enumerate(names))
    contact, opt_status = _contact(columns, channel, file, notice), _opt_status(columns, file)
    fields = tuple(column for column in columns if column is not contact and column.role not in _NO_FIELD)
    for role, meaning in MEANINGS.items():
        _only([column for column in fields if column.role is role], meaning, file)
    _check_fields([column for column in fields if column.role is ColumnRole.FIELD], file)
    if channel is Channel.EMAIL:
        _check_mark(fields, audience, file)
    return ColumnPlan(channel, columns, contact, opt_status, fields)


_NO_FIELD = (ColumnRole.OPT_IN, ColumnRole.OPT_OUT, ColumnRole.IGNORE)


def _column(index: int, name: str, rule: ColumnRule | None, channel: Channel) -> Column:
    role = rule.role if rule else usual_role(name, channel)
    if role in MEANINGS and role not in CHANNEL_NAMES[channel].roles:
        # What is a fact outside the profile fields for one channel is a profile field for the other.
        role = ColumnRole.FIELD
    return Column(index, name, role, (rule.field if rule else None) or name, rule)


def _rules_by_key(template: DataTemplate | None, names: list[str], file: str) -> dict[str, ColumnRule]:
    if template is None:
        return {}
    keys = {same_name_key(name) for name in names}
    absent = [name for name in template.columns if same_name_key(name) not in keys]
    if absent:
        raise FileRejectedError(
            "template_column_missing",
            f"{file}: data template {template.name} names {listed(absent)}, not in the file; "
            f"its columns are {listed(names)}",
        )
    return {same_name_key(name): rule for name, rule in template.columns.items()}


def _contact(columns: tuple[Column, ...], channel: Channel, file: str, notice: str) -> Column:
    names = CHANNEL_NAMES[channel]
    found = [column for column in columns if column.role is names.contact]
    if not found:
        raise FileRejectedError(
            names.missing,
            f"{file}: no column holds {names.contact_words}; its columns are {listed([c.header for c in columns])}. "
            f"Name one {names.contact}, or give it the role {names.contact} in the destination's data template{notice}",
        )
    return _only(found, MEANINGS[names.contact], file)[0]


def _opt_status(columns: tuple[Column, ...], file: str) -> Column | None:
    found = [column for column in columns if column.role in (ColumnRole.OPT_IN, ColumnRole.OPT_OUT)]
    return _only(found, "the opt status", file)[0] if found else None


def _only(found: list[Column], meaning: str, file: str) -> list[Column]:
    if len(found) > 1:
        raise FileRejectedError(
            "column_ambiguous",
            f"{file}: {len(found)} columns claim to be {meaning}: {listed([c.header for c in found])}; "
            "keep one, or say in the destination's data template what the others are (ignore, or a profile field)",
        )
    return found


def _check_fields(fields: Sequence[Column], file: str) -> None:
    counts = Counter(same_name_key(column.field) for column in fields)
    twice = [column.header for column in fields if counts[same_name_key(column.field)] > 1]
    if twice:
        raise FileRejectedError(
            "column_ambiguous",
            f"{file}: these columns would fill one profile field: {listed(twice)}; rename or ignore all but one",
        )


def _check_mark(fields: Sequence[Column], audience: str, file: str) -> None:
    """An email audience has a profile field of its own name."""
    for column in fields:
        if same_name_key(column.field) == same_name_key(audience):
            raise FileRejectedError(
                "column_names_audience",
                f"{file}: column {listed([column.header])} would fill the profile field that marks the members of "
                f"audience {audience}; rename the column or the audience",
            )
