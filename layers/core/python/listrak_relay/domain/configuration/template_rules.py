"""Reads data templates: which column of a dropped file means what."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from listrak_relay.domain.columns.column_names import MEANINGS
from listrak_relay.domain.configuration.located import Entry, Node, Place, Scalar, Table, kind
from listrak_relay.domain.configuration.value_rules import MAX_NAME_LENGTH, Reader, choice, integer, text
from listrak_relay.domain.destinations.data_template import ColumnRole, ColumnRule, DataTemplate
from listrak_relay.domain.values.names import same_name_key

MAX_VALUE_LENGTH = 4_000
"""Characters of a profile value that a template or destination may ask for; our choice, Listrak publishes none."""

DATE_DIRECTIVES = "aAbBdfHIjmMpSyY%"
"""What may follow ``%`` in a date format. DuckDB's ``strptime`` reads each as Python's does.

Without the zones: DuckDB reads no ``%Z``, and ``%z`` turns the time into UTC, which can be another day.
"""


class ValueType(StrEnum):
    """Types that a template may declare."""

    TEXT = "text"
    NUMERIC = "numeric"
    DATE = "date"


_MAX_CLEAR_WORD = 20
_MAX_VALUES = 100

COLUMN_KEYS = ("role", "field", "type", "date_format", "max_length", "clear_word", "values")
"""Each is an attribute of `ColumnRule`."""


@dataclass(frozen=True, slots=True)
class ReadTemplate:
    """``template``: None if it has faults. ``lines``: on which each of its columns stands."""

    template: DataTemplate | None
    lines: Mapping[str, int]


def read_templates(node: Node, place: Place) -> dict[str, ReadTemplate]:
    """By name."""
    templates: dict[str, ReadTemplate] = {}
    for entry in place.entries(node, "data templates by name"):
        here = place / entry.name
        faults_before = place.faults.count
        _check_name(entry, here, "a data template")
        columns, lines = _read_template(entry, here)
        good = place.faults.count == faults_before
        templates[entry.name] = ReadTemplate(DataTemplate(entry.name, columns) if good else None, lines)
    return templates


def _check_name(entry: Entry, place: Place, what: str) -> None:
    text(f"a name for {what}")(Scalar(entry.name, entry.name, entry.line), place)


def _read_template(entry: Entry, place: Place) -> tuple[dict[str, ColumnRule], dict[str, int]]:
    rules: dict[str, ColumnRule] = {}
    lines: dict[str, int] = {}
    found = False
    for part in place.entries(entry.node, "keys: columns"):
        if part.name == "columns":
            found = True
            rules = _read_columns(part, place / "columns")
            lines = {column.name: column.line for column in part.node.entries} if isinstance(part.node, Table) else {}
        else:
            (place / part.name).unknown(part.line, "the key", part.name, ["columns"])
    if not found:
        place.fault(entry.line, "has no columns; write the key columns with a rule for each column")
    return rules, lines


def _read_columns(part: Entry, place: Place) -> dict[str, ColumnRule]:
    rules: dict[str, ColumnRule] = {}
    first: dict[str, Entry] = {}
    roles: dict[ColumnRole, Entry] = {}
    fields: dict[str, Entry] = {}
    for entry in place.entries(part.node, "rules by column name"):
        here = place / entry.name
        _check_name(entry, here, "a column")
        key = same_name_key(entry.name)
        if key in first:
            other = first[key]
            here.fault(entry.line, f"is the same column as {other.name!r} on line {other.line}: {_SAME_COLUMN}")
            continue
        first[key] = entry
        rule = _read_rule(entry, here)
        if rule is None:
            continue
        rules[entry.name] = rule
        _claim(entry, rule, here, roles, fields)
    if not first and not place.faults.full:
        place.fault(part.line, "is empty; write a rule for each column, or take the template out")
    return rules


_SAME_COLUMN = "case, spaces, underscores and hyphens make no difference"


def _claim(
    entry: Entry, rule: ColumnRule, place: Place, roles: dict[ColumnRole, Entry], fields: dict[str, Entry]
) -> None:
    """One column may give the email address and so on, and one each profile field; any number tell consent."""
    if rule.role in (ColumnRole.IGNORE, ColumnRole.OPT_IN, ColumnRole.OPT_OUT):
        return
    if rule.role is ColumnRole.FIELD:
        name = rule.field or entry.name.strip()
        holder = fields.setdefault(same_name_key(name), entry)
        what = f"the field {name!r}"
    else:
        holder = roles.setdefault(rule.role, entry)
        what = MEANINGS[rule.role]
    if holder is not entry:
        place.fault(entry.line, f"gives {what}, which {holder.name!r} on line {holder.line} gives already")


def _read_rule(entry: Entry, place: Place) -> ColumnRule | None:
    """A role word, or a table that says more of a profile field."""
    node = entry.node
    if isinstance(node, Table):
        return _read_field(node, place)
    if isinstance(node, Scalar) and node.value is not None:
        role = choice(ColumnRole)(node, place)
        return None if role is None else ColumnRule(role)
    roles = ", ".join(ColumnRole)
    place.fault(node.line, f"must be one of {roles}, or a table with {', '.join(COLUMN_KEYS)}; it is {kind(node)}")
    return None


def _read_field(node: Table, place: Place) -> ColumnRule | None:
    faults_before = place.faults.count
    said: dict[str, Any] = {}
    for entry in place.entries(node, ", ".join(COLUMN_KEYS)):
        here = place / entry.name
        if entry.name in _READERS:
            said[entry.name] = _READERS[entry.name](entry.node, here)
        else:
            here.unknown(entry.line, "the key", entry.name, COLUMN_KEYS)
    if place.faults.count != faults_before:
        return None
    by_name = said.keys().isdisjoint(("role", "field"))
    said.setdefault("role", ColumnRole.FIELD)
    if said["role"] is ColumnRole.BIRTHDAY and "date_format" in said:
        said["type"] = ValueType.DATE
    if "type" in said:
        said["type"] = said["type"].value
    rule = ColumnRule(**said, by_name=by_name)
    return rule if _fits_together(rule, node, place) else None


def _fits_together(rule: ColumnRule, node: Table, place: Place) -> bool:
    if rule.role is ColumnRole.BIRTHDAY and (
        rule.field or rule.max_length or rule.clear_word or rule.values or rule.type not in (None, ValueType.DATE)
    ):
        place.fault(node.line, "has the role birthday, with which only date_format goes")
    elif rule.role not in (ColumnRole.FIELD, ColumnRole.BIRTHDAY) and rule != ColumnRule(rule.role):
        place.fault(node.line, f"has the role {rule.role}, with which no other key goes")
    elif rule.date_format is not None and rule.type != ValueType.DATE:
        place.fault(node.line, "has a date_format but not type: date")
    else:
        return True
    return False


def _read_values(node: Node, place: Place) -> tuple[tuple[str, str], ...]:
    """Text of the file, in lower case, and what is sent instead; empty for no value."""
    values: dict[str, str] = {}
    for entry in place.entries(node, "words of the file and what is sent instead"):
        here = place / entry.name
        before, after = entry.name.strip().lower(), entry.node
        if not before:
            here.fault(entry.line, "is blank; blank values are sent as they are")
        elif before in values:
            here.fault(entry.line, "stands here a second time; case does not count")
        elif not isinstance(after, Scalar) or len(after.text) > MAX_NAME_LENGTH or not after.text.isprintable():
            here.fault(after.line, f"must be the text that is sent instead, of at most {MAX_NAME_LENGTH} characters")
        else:
            # As written, since YAML 1.1 takes words such as no for something else.
            values[before] = after.text.strip()
    if len(values) > _MAX_VALUES:
        place.fault(node.line, f"has more than {_MAX_VALUES} words")
    return tuple(values.items())


def _read_date_format(node: Node, place: Place) -> str | None:
    """A strptime format that gives a year, a month and a day."""
    value = text("a date format such as '%d.%m.%Y'")(node, place)
    if value is None:
        return None
    used = re.findall(r"%(.?)", value, re.DOTALL)
    wrong = [letter for letter in used if not letter or letter not in DATE_DIRECTIVES]
    if wrong:
        known = " ".join(f"%{letter}" for letter in DATE_DIRECTIVES)
        place.fault(node.line, f"holds %{wrong[0]}, which is no directive; known: {known}")
        return None
    letters = [letter for letter in used if letter != "%"]
    if len(letters) != len(set(letters)):
        place.fault(node.line, "holds a directive twice")
        return None
    if {"H", "I"} <= set(letters) or ("p" in letters and "I" not in letters):
        place.fault(node.line, "mixes two clocks: %I goes with %p, %H with neither")
        return None
    whole = set("yY") & set(letters) and ("j" in letters or ("d" in letters and set("mbB") & set(letters)))
    if not whole:
        place.fault(node.line, "must give a year (%Y or %y), a month (%m, %b or %B) and a day (%d)")
        return None
    return value


_READERS: Mapping[str, Reader[Any]] = {
    "role": choice(ColumnRole),
    "field": text("the name of a field", MAX_NAME_LENGTH),
    "type": choice(ValueType),
    "date_format": _read_date_format,
    "max_length": integer(1, MAX_VALUE_LENGTH),
    "clear_word": text("the text that takes a value away", _MAX_CLEAR_WORD),
    "values": _read_values,
}
