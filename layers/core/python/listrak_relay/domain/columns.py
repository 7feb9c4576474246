"""What each column of a dropped file means, decided from its header and the destination's data template."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from listrak_relay.domain.destinations import ColumnRole, ColumnRule, DataTemplate
from listrak_relay.domain.names import same_name_key
from listrak_relay.domain.text import clean
from listrak_relay.errors import FileRejectedError

MAX_COLUMNS = 1_000
"""A file with more is not an audience."""

_SHOWN = 40

_EMAIL = frozenset({"email", "emailaddress", "emailaddr", "emailid", "primaryemail"})
_OPT_IN = frozenset(
    [
        "optin",
        "optedin",
        "isoptin",
        "isoptedin",
        "optstatus",
        "optinstatus",
        "emailoptin",
        "emailoptedin",
        "emailoptstatus",
        "emailoptinstatus",
        "subscribed",
        "issubscribed",
        "emailsubscribed",
        "isemailsubscribed",
        "subscriptionstate",
        "subscriptionstatus",
        "subscribestatus",
        "emailsubscriptionstate",
        "emailsubscriptionstatus",
        "emailstatus",
        "consent",
        "hasconsent",
        "emailconsent",
        "consentstatus",
        "emailconsentstatus",
        "marketingconsent",
        "emailmarketingconsent",
        "optinflag",
        "emailoptinflag",
    ]
)
_OPT_OUT = frozenset(
    [
        "optout",
        "optedout",
        "isoptout",
        "isoptedout",
        "optoutstatus",
        "emailoptout",
        "emailoptedout",
        "emailoptoutstatus",
        "hasoptedout",
        "unsubscribed",
        "isunsubscribed",
        "emailunsubscribed",
        "unsubscribe",
        "hasunsubscribed",
        "donotemail",
        "donotcontact",
        "dnc",
        "optoutflag",
        "emailoptoutflag",
        "hasoptedoutofemail",
    ]
)
_IGNORED = frozenset({"rownumber"})
"""Amperity can add a column ``row_number`` to what it writes (its "Row number" setting)."""

_CONSENT_HINTS = re.compile(r"opt(ed)?(in|out)|subscri|consent|permission|donot")


@dataclass(frozen=True, slots=True)
class Column:
    """``index``: 0-based place in the file. ``header``: as spelled there, trimmed. ``field``: profile field's name."""

    index: int
    header: str
    role: ColumnRole
    field: str
    rule: ColumnRule | None = None


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """The columns of one file. ``opt_status`` is None where the file says nothing of consent."""

    columns: tuple[Column, ...]
    email: Column
    opt_status: Column | None
    fields: tuple[Column, ...]

    @property
    def inverted(self) -> bool:
        """Whether the opt status column asks "opted out?"."""
        return self.opt_status is not None and self.opt_status.role is ColumnRole.OPT_OUT

    @property
    def headers(self) -> list[str]:
        return [column.header for column in self.columns]

    def roles(self) -> dict[str, str]:
        """Header → role, for the report."""
        return {column.header: column.role.value for column in self.columns}

    def unread_consent(self) -> tuple[str, ...]:
        """Profile fields whose names suggest consent that is not read as such, for the report's reader to look at."""
        return tuple(column.header for column in self.fields if _CONSENT_HINTS.search(same_name_key(column.header)))


def usual_role(name: str) -> ColumnRole:
    """What a column's name says by itself."""
    key = same_name_key(name)
    if key in _EMAIL:
        return ColumnRole.EMAIL
    if key in _OPT_IN:
        return ColumnRole.OPT_IN
    if key in _OPT_OUT:
        return ColumnRole.OPT_OUT
    return ColumnRole.IGNORE if key in _IGNORED else ColumnRole.FIELD


def plan_columns(
    header: Sequence[str], template: DataTemplate | None, *, audience: str, file: str, notice: str = ""
) -> ColumnPlan:
    """Give every column its role.

    ``file`` is the drop key, for messages. ``notice`` is added to a message that no email column was found.

    Raises:
        FileRejectedError: the header cannot be used (codes ``header_missing``, ``header_empty_name``,
            ``header_duplicate``, ``too_many_columns``, ``template_column_missing``, ``no_email_column``,
            ``column_ambiguous``, ``column_names_audience``).
    """
    names = [clean(name) for name in header]
    check_names(names, file)
    rules = _rules_by_key(template, names, file)
    columns = tuple(_column(index, name, rules.get(same_name_key(name))) for index, name in enumerate(names))
    fields = tuple(column for column in columns if column.role is ColumnRole.FIELD)
    _check_fields(fields, audience, file)
    return ColumnPlan(columns, _email(columns, file, notice), _opt_status(columns, file), fields)


def _column(index: int, name: str, rule: ColumnRule | None) -> Column:
    role = rule.role if rule else usual_role(name)
    return Column(index, name, role, (rule.field if rule else None) or name, rule)


def check_names(names: Sequence[str], file: str) -> None:
    """Raises FileRejectedError: ``header_missing``, ``too_many_columns``, ``header_empty_name`` or
    ``header_duplicate``."""
    if any("@" in name for name in names):
        # The names are not shown: they are very likely somebody's data.
        raise FileRejectedError(
            "header_missing",
            f"{file}: the first row holds an email address, so it is no header; add a row of column names",
        )
    if len(names) > MAX_COLUMNS:
        raise FileRejectedError(
            "too_many_columns", f"{file}: the header has {len(names)} columns; at most {MAX_COLUMNS} can be used"
        )
    empty = [str(place) for place, name in enumerate(names, 1) if not same_name_key(name)]
    if empty:
        raise FileRejectedError(
            "header_empty_name",
            f"{file}: the header has no name at column {', '.join(empty[:_SHOWN])} of {len(names)}; name every column",
        )
    counts = Counter(map(same_name_key, names))
    twice = [name for name in names if counts[same_name_key(name)] > 1]
    if twice:
        raise FileRejectedError(
            "header_duplicate",
            f"{file}: the header has one name more than once (case, spaces, _ and - do not count): {listed(twice)}; "
            "rename them",
        )


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


def _email(columns: tuple[Column, ...], file: str, notice: str) -> Column:
    found = [column for column in columns if column.role is ColumnRole.EMAIL]
    if not found:
        raise FileRejectedError(
            "no_email_column",
            f"{file}: no column holds email addresses; its columns are {listed([c.header for c in columns])}. "
            f"Name one email, or give it the role email in the destination's data template{notice}",
        )
    return _only(found, "the email address", file)


def _opt_status(columns: tuple[Column, ...], file: str) -> Column | None:
    found = [column for column in columns if column.role in (ColumnRole.OPT_IN, ColumnRole.OPT_OUT)]
    return _only(found, "the opt status", file) if found else None


def _only(found: list[Column], meaning: str, file: str) -> Column:
    if len(found) > 1:
        raise FileRejectedError(
            "column_ambiguous",
            f"{file}: {len(found)} columns claim to be {meaning}: {listed([c.header for c in found])}; "
            "keep one, or say in the destination's data template what the others are (ignore, or a profile field)",
        )
    return found[0]


def _check_fields(fields: tuple[Column, ...], audience: str, file: str) -> None:
    counts = Counter(same_name_key(column.field) for column in fields)
    twice = [column.header for column in fields if counts[same_name_key(column.field)] > 1]
    if twice:
        raise FileRejectedError(
            "column_ambiguous",
            f"{file}: these columns would fill one profile field: {listed(twice)}; rename or ignore all but one",
        )
    for column in fields:
        if same_name_key(column.field) == same_name_key(audience):
            raise FileRejectedError(
                "column_names_audience",
                f"{file}: column {listed([column.header])} would fill the profile field that marks the members of "
                f"audience {audience}; rename the column or the audience",
            )


def listed(names: Sequence[str]) -> str:
    """Column names for a message, in quotes; of very many the first ones."""
    shown = ", ".join(f'"{name[:60]}"' for name in names[:_SHOWN])
    return shown if len(names) <= _SHOWN else f"{shown} and {len(names) - _SHOWN} more"
