"""What each column of a dropped file means, decided from its header and the destination's data template."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from listrak_relay.domain.columns.column_names import (
    CHANNEL_NAMES,
    MEANINGS,
    may_name_contact,
    usual_role,
)
from listrak_relay.domain.columns.file_columns import Column, FileColumns
from listrak_relay.domain.columns.header import check_names
from listrak_relay.domain.consent.names import (
    Reading,
    is_of_a_channel,
    is_plain_marketing,
    known_reading,
    reading_of,
)
from listrak_relay.domain.consent.statements import Question
from listrak_relay.domain.destinations.choices import Channel
from listrak_relay.domain.destinations.data_template import ColumnRole, ColumnRule, DataTemplate
from listrak_relay.domain.values.names import listed, same_name_key, shown
from listrak_relay.domain.values.text import clean
from listrak_relay.errors import FileRejectedError


def columns_of(
    header: Sequence[str],
    template: DataTemplate | None,
    *,
    channel: Channel = Channel.EMAIL,
    audience: str,
    file: str,
    notice: str = "",
) -> FileColumns:
    """Give every column its role.

    ``file`` is the drop key, for messages. ``notice`` is added to a message that no contact column was found.

    Raises:
        FileRejectedError: the header cannot be used (codes ``header_missing``, ``header_empty_name``,
            ``header_duplicate``, ``too_many_columns``, ``template_column_missing``, ``no_email_column``,
            ``no_phone_column``, ``column_ambiguous``, ``column_names_audience``).
    """
    names = [clean(name) for name in header]
    check_names(names, file, channel)
    rules = rules_by_key(template, names, file)
    columns = tuple(_column(index, name, rules.get(same_name_key(name)), channel) for index, name in enumerate(names))
    contact = _contact(columns, channel, file, notice)
    columns = tuple(contact if column.index == contact.index else column for column in columns)
    columns = _without_consent_to_mail(columns, channel)
    fields = tuple(column for column in columns if column is not contact and column.role not in _NO_FIELD)
    for role, meaning in MEANINGS.items():
        _only([column for column in fields if column.role is role], names, meaning, file)
    _check_fields([column for column in fields if column.role is ColumnRole.FIELD], names, file)
    if channel is Channel.EMAIL:
        _check_mark(fields, names, audience, file)
    consent = tuple(column for column in columns if column.role in (ColumnRole.OPT_IN, ColumnRole.OPT_OUT))
    return FileColumns(channel, columns, contact, consent, fields)


def _without_consent_to_mail(columns: tuple[Column, ...], channel: Channel) -> tuple[Column, ...]:
    """Where a column tells consent to texts by its name, a plain "Accepts Marketing" is consent to mail."""
    telling = [
        column for column in columns if column.reading and column.role in (ColumnRole.OPT_IN, ColumnRole.OPT_OUT)
    ]
    if channel is not Channel.SMS or not any(is_of_a_channel(column.header) for column in telling):
        return columns
    of_mail = {column.index for column in telling if column.rule is None and is_plain_marketing(column.header)}
    return tuple(
        replace(column, role=ColumnRole.FIELD, reading=_DETAIL) if column.index in of_mail else column
        for column in columns
    )


_DETAIL = Reading(Question.DETAIL)
_NO_FIELD = (ColumnRole.OPT_IN, ColumnRole.OPT_OUT, ColumnRole.IGNORE)


def _column(index: int, name: str, rule: ColumnRule | None, channel: Channel) -> Column:
    known = known_reading(name, channel)
    role = rule.role if rule else usual_role(name, channel)
    if rule and rule.by_name and usual_role(name, channel) in (ColumnRole.OPT_IN, ColumnRole.OPT_OUT):
        # A type alone does not make a profile field of it.
        role = usual_role(name, channel)
    if role in MEANINGS and role not in CHANNEL_NAMES[channel].roles:
        # What is a fact outside the profile fields for one channel is a profile field for the other.
        role = ColumnRole.FIELD
    reading = None
    if role in (ColumnRole.OPT_IN, ColumnRole.OPT_OUT):
        reading = reading_of(name, channel, opted_out=role is ColumnRole.OPT_OUT)
    elif known and known.question is Question.DETAIL and rule is None:
        reading = known
    return Column(index, name, role, (rule.field if rule else None) or name, rule, reading)


def rules_by_key(template: DataTemplate | None, names: Sequence[str], file: str) -> dict[str, ColumnRule]:
    """What the template says of each column, by `same_name_key`.

    Raises:
        FileRejectedError: the file lacks a column that it names (code ``template_column_missing``).
    """
    if template is None:
        return {}
    keys = {same_name_key(name) for name in names}
    absent = [name for name in template.columns if same_name_key(name) not in keys]
    if absent:
        raise FileRejectedError(
            "template_column_missing",
            f"{file}: data template {template.name} names {listed(absent)}, not in the file; "
            f"the file has {listed(names, names)}",
        )
    return {same_name_key(name): rule for name, rule in template.columns.items()}


def _contact(columns: tuple[Column, ...], channel: Channel, file: str, notice: str) -> Column:
    names = CHANNEL_NAMES[channel]
    found = [column for column in columns if column.role is names.contact]
    if not found:
        found = [
            replace(column, role=names.contact)
            for column in columns
            if column.rule is None and column.role is ColumnRole.FIELD and may_name_contact(column.header, channel)
        ]
    if not found:
        headers = [column.header for column in columns]
        raise FileRejectedError(
            names.missing,
            f"{file}: no column holds {names.contact_words}; the file has {listed(headers, headers)}. "
            f"Name one {names.contact}, or give it the role {names.contact} in the destination's data template"
            f"{_glued(headers)}{_other_channel(headers, channel)}{notice}",
        )
    return _only(found, [column.header for column in columns], MEANINGS[names.contact], file)[0]


def _glued(headers: Sequence[str]) -> str:
    """What to do where names stand in one, because the rows are separated by something else; empty if none do."""
    mark = next((mark for mark in ";|\t," if any(mark in name for name in headers)), None)
    return f"; if {mark!r} is to separate columns, it must do so in every row" if mark else ""


def _other_channel(headers: Sequence[str], channel: Channel) -> str:
    """What to do with a file for the other channel that was dropped here; empty if it is none."""
    for other, names in CHANNEL_NAMES.items():
        if other is not channel and any(
            usual_role(name, other) is names.contact or may_name_contact(name, other) for name in headers
        ):
            return f"; if it is to go by its {names.contact} column, drop it under a destination of channel {other}"
    return ""


def _only(found: list[Column], headers: Sequence[str], meaning: str, file: str) -> list[Column]:
    if len(found) > 1:
        twice = [column.header for column in found]
        raise FileRejectedError(
            "column_ambiguous",
            f"{file}: {len(found)} columns claim to be {meaning}: {listed(twice, headers)}; "
            "keep one, or say in the destination's data template what the others are (ignore, or a profile field)",
        )
    return found


def _check_fields(fields: Sequence[Column], headers: Sequence[str], file: str) -> None:
    counts = Counter(same_name_key(column.field) for column in fields)
    twice = [column.header for column in fields if counts[same_name_key(column.field)] > 1]
    if twice:
        raise FileRejectedError(
            "column_ambiguous",
            f"{file}: these columns would fill one profile field: {listed(twice, headers)}; rename or ignore all but "
            "one",
        )


def _check_mark(fields: Sequence[Column], headers: Sequence[str], audience: str, file: str) -> None:
    """An email audience has a profile field of its own name."""
    for column in fields:
        if same_name_key(column.field) == same_name_key(audience):
            raise FileRejectedError(
                "column_names_audience",
                f"{file}: {listed([column.header], headers)} would fill the profile field that marks the members of "
                f"{shown(f'audience {audience}', 'the audience')}; rename the column or the audience",
            )
