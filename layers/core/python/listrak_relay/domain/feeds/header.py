"""What each column of a feed file is, from its header."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from listrak_relay.domain.columns.column_names import usual_role
from listrak_relay.domain.columns.columns import rules_by_key
from listrak_relay.domain.columns.header import check_names
from listrak_relay.domain.destinations.data_template import ColumnRole, ColumnRule, DataTemplate
from listrak_relay.domain.destinations.feed_settings import ColumnNames, Feed, FeedSettings, UnknownColumns
from listrak_relay.domain.feeds.column import FeedColumn
from listrak_relay.domain.feeds.mapping import published_name, target_of
from listrak_relay.domain.feeds.tables import FEED_TABLES, FeedTable
from listrak_relay.domain.values.names import listed, same_name_key, shown
from listrak_relay.domain.values.text import clean
from listrak_relay.errors import FileRejectedError


@dataclass(frozen=True, slots=True)
class FileColumn:
    """``index``: 0-based place in the file. ``header``: as there, trimmed. ``name``: as published, None if it is not.

    ``sent_as``: its name in the file that goes to Listrak. ``rule``: of the data template.
    """

    index: int
    header: str
    name: str | None
    sent_as: str
    rules: FeedColumn | None
    rule: ColumnRule | None = None

    @property
    def shown(self) -> str:
        """The header, or the column's place where that may be somebody's data."""
        return shown(self.header, f"column {self.index + 1}")

    @property
    def date_format(self) -> str | None:
        return self.rule.date_format if self.rule else None

    @property
    def values(self) -> tuple[tuple[str, str], ...]:
        """Texts of the file, in lower case, each with what is sent instead."""
        return self.rule.values if self.rule else ()


@dataclass(frozen=True, slots=True)
class FeedHeader:
    """``columns``: those that are sent. ``left_out``: the others. ``width``: of the file."""

    table: FeedTable
    columns: tuple[FileColumn, ...]
    left_out: tuple[FileColumn, ...] = ()

    @property
    def width(self) -> int:
        return len(self.columns) + len(self.left_out)

    def named(self, names: Sequence[str]) -> list[FileColumn]:
        """Those that the file has, in the order of ``names``."""
        found = {column.name: column for column in self.columns}
        return [found[name] for name in names if name in found]

    @property
    def unknown(self) -> list[str]:
        """Names of columns that are sent and Listrak does not know, as they may be shown."""
        return [] if self.table.open else [column.shown for column in self.columns if column.name is None]

    @property
    def sent_names(self) -> dict[str, str]:
        """Name of each column in the file → in the file that is sent, both as they may be shown."""
        return {column.shown: shown(column.sent_as, f"column {column.index + 1}") for column in self.columns}

    @property
    def wanting(self) -> list[str]:
        """Columns that features of Listrak's need and the file does not have, but for those of `lacking`."""
        there = {column.name for column in self.columns}
        groups = (*self.table.keys, *self.table.essential)
        told = there | {name for group in groups if there & set(group) for name in group}
        told |= {name for group in self.table.essential for name in group}
        return [c.name for c in self.table.columns if c.wanted and c.name not in told]

    @property
    def lacking(self) -> list[str]:
        """Of the essential columns those that the file does not have; "a or b" where one of them would do."""
        there = {column.name for column in self.columns}
        return [" or ".join(group) for group in self.table.essential if not there & set(group)]


def feed_header_of(
    header: Sequence[str], settings: FeedSettings, file: str, template: DataTemplate | None = None
) -> FeedHeader:
    """``file``: the drop key, for messages.

    Raises:
        FileRejectedError: the header cannot be used (the codes of `domain.columns.header.check_names`,
            ``template_column_missing``, ``feed_key_missing``, ``column_ambiguous``, ``opt_status_not_carried``).
    """
    table = FEED_TABLES[settings.feed]
    headers = [clean(name) for name in header]
    check_names(headers, file)
    if settings.feed is Feed.CONTACT_LIST:
        _check_no_opt_status(headers, template, file)
    rules = rules_by_key(template, headers, file)
    found = [
        _column(index, text, rules.get(same_name_key(text)), table, settings.column_names)
        for index, text in enumerate(headers)
    ]
    left_out = [column for column in found if _is_left_out(column, table, settings.unknown_columns)]
    columns = [column for column in found if column not in left_out]
    _check_no_name_twice(columns, headers, file)
    _check_keys(table, columns, headers, settings.feed, file, template)
    return FeedHeader(table, tuple(columns), tuple(left_out))


def _column(
    index: int, header: str, rule: ColumnRule | None, table: FeedTable, column_names: ColumnNames
) -> FileColumn:
    if rule is not None:
        name, rules = target_of(header, rule, table)
    else:
        name, rules = published_name(header, table)
        if name is None and table.open and usual_role(header) is ColumnRole.EMAIL:
            name, rules = published_name("email", table)
    sent_as = name if name and column_names is ColumnNames.PUBLISHED else header
    if rule is not None and rule.field is not None:
        # Whoever names it wants it named so, whatever holds for the others.
        sent_as = rule.field if table.open else name or rule.field
    return FileColumn(index, header, name, sent_as, rules, rule)


def _is_left_out(column: FileColumn, table: FeedTable, unknown: UnknownColumns) -> bool:
    if column.rule is not None:
        return column.rule.role is ColumnRole.IGNORE
    return column.name is None and not table.open and unknown is UnknownColumns.LEAVE_OUT


def _check_no_name_twice(columns: Sequence[FileColumn], headers: Sequence[str], file: str) -> None:
    counts = Counter(same_name_key(column.name or column.sent_as) for column in columns)
    twice = [column for column in columns if counts[same_name_key(column.name or column.sent_as)] > 1]
    if twice:
        names = dict.fromkeys(shown(column.name or column.sent_as, "one of its names") for column in twice)
        raise FileRejectedError(
            "column_ambiguous",
            f"{file}: these columns mean the same to Listrak ({', '.join(names)}): "
            f"{listed([column.header for column in twice], headers)}; keep one, or ignore the others in the "
            "destination's data template",
        )


def _check_keys(
    table: FeedTable,
    columns: Sequence[FileColumn],
    headers: Sequence[str],
    feed: Feed,
    file: str,
    template: DataTemplate | None,
) -> None:
    there = {column.name for column in columns}
    lacking = [" or ".join(key) for key in table.keys if not there & set(key)]
    if lacking:
        where = f"data template {template.name}" if template else "a data template"
        raise FileRejectedError(
            "feed_key_missing",
            f"{file}: a file of {feed} needs the column {' and the column '.join(lacking)} (in any spelling); the "
            f"file has {listed(headers, headers)}. Say in {where} which of them it is, as in "
            f"{{field: {table.keys[0][0]}}}; if it is another feed, drop it under that destination",
        )


def _check_no_opt_status(headers: Sequence[str], template: DataTemplate | None, file: str) -> None:
    """Whatever the template makes of the column: that it is not sent does not make those people agree."""
    renamed = {same_name_key(n): rule.field for n, rule in template.columns.items() if rule.field} if template else {}
    said = [
        name
        for name in headers
        if {usual_role(name), usual_role(renamed.get(same_name_key(name), name))}
        & {ColumnRole.OPT_IN, ColumnRole.OPT_OUT}
    ]
    if said:
        raise FileRejectedError(
            "opt_status_not_carried",
            f"{file}: {listed(said, headers)} says who wants mail, which a list import by SFTP does not heed: it could "
            "subscribe people who opted out. Send the file through a destination of channel email, or leave out those "
            "people and the column",
        )
