"""Finds the row of column names among the first rows of a file."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from listrak_relay.adapters.formats.records import Record
from listrak_relay.domain.columns.column_names import may_name_contact, usual_role
from listrak_relay.domain.destinations.choices import Channel
from listrak_relay.domain.destinations.data_template import ColumnRole, DataTemplate
from listrak_relay.domain.values.names import same_name_key

EXCEL_HINT = "sep="
"""The first line of some files, by which Excel is told the delimiter."""

ROWS_LOOKED_AT = 200
"""Of the beginning of a file, to find the header and what is in the rows behind it; a preamble may have lines too."""

_HEADER_ROWS = 20
_CONTACT_ROLES = (ColumnRole.EMAIL, ColumnRole.PHONE)


def find_header(rows: Iterable[Record], template: DataTemplate | None) -> Record | None:
    """The first row that names a column of email addresses or phone numbers, among the first ones; else the first."""
    told = {same_name_key(n) for n, r in template.columns.items() if r.role in _CONTACT_ROLES} if template else set()
    first = None
    for row in islice(rows, _HEADER_ROWS):
        if row.row == 1 and row.lines[0].casefold().startswith(EXCEL_HINT):
            continue
        if first is None:
            first = row
        names = row.fields if row.damage is None else []
        if any(_names_contacts(name) or same_name_key(name) in told for name in names):
            return row
    return first


def names_contacts_among_others(rows: Iterable[Record]) -> bool:
    """Whether one of the first rows has a column of email addresses or phone numbers beside others."""
    heads = (row.fields for row in islice(rows, _HEADER_ROWS) if row.damage is None and len(row.fields) > 1)
    return any(_names_contacts(name) for names in heads for name in names)


def _names_contacts(name: str) -> bool:
    return any(
        usual_role(name, channel) in _CONTACT_ROLES or may_name_contact(name, channel)
        for channel in (Channel.EMAIL, Channel.SMS)
    )
