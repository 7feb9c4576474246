"""Which of Listrak's columns a column of a feed file is: by its own name, or by the destination's data template."""

from __future__ import annotations

import re
from collections.abc import Mapping

from listrak_relay.domain.destinations.data_template import ColumnRole, ColumnRule
from listrak_relay.domain.feeds.column import FeedColumn, Kind
from listrak_relay.domain.feeds.tables import FeedTable
from listrak_relay.domain.values.names import same_name_key

_NUMBERED = re.compile(r"(.*[^0-9])([1-9][0-9]{0,3})")

_NAMES_OF_ROLES = {
    ColumnRole.EMAIL: "email",
    ColumnRole.PHONE: "mobilephone",
    ColumnRole.FIRST_NAME: "firstname",
    ColumnRole.LAST_NAME: "lastname",
    ColumnRole.BIRTHDAY: "birthday",
    ColumnRole.POSTAL_CODE: "zipcode",
}
"""What a template that is written for an audience says of people, by the names of the Customers feed."""

KINDS_OF_TYPES: Mapping[str, tuple[Kind, ...]] = {
    "text": (Kind.TEXT, Kind.EMAIL, Kind.PHONE, Kind.BOOLEAN, Kind.CHOICE),
    "numeric": (Kind.DECIMAL, Kind.INTEGER),
    "date": (Kind.MOMENT, Kind.DATE, Kind.PAST_DATE),
}
"""Of a template's type: the first is that of a column that Listrak does not publish, the others it may be, too."""


def published_name(name: str, table: FeedTable) -> tuple[str | None, FeedColumn | None]:
    """As Listrak publishes it, and its rules; None if it does not. The older guide spells names in its own way; without
    case, spaces, _ and - they are the same."""
    known = {same_name_key(column.name): column for column in table.columns}
    key = same_name_key(name)
    if key in known:
        return known[key].name, known[key]
    numbered = _NUMBERED.fullmatch(key)
    family = known.get(f"{numbered[1]}n") if numbered else None
    if numbered and family and family.name.endswith("_N"):
        return family.name.removesuffix("N") + numbered[2], family
    return None, None


def target_of(header: str, rule: ColumnRule, table: FeedTable) -> tuple[str | None, FeedColumn | None]:
    """The published column that a template makes of a column, and the rules for its values; no name for one that
    Listrak does not publish."""
    if rule.role is not ColumnRole.FIELD:
        return published_name(_NAMES_OF_ROLES.get(rule.role, ""), table)
    name, rules = published_name(rule.field or header, table)
    if name is None and rule.type:
        rules = FeedColumn(rule.field or header, KINDS_OF_TYPES[rule.type][0])
    return name, rules
