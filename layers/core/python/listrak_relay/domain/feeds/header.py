"""What each column of a feed file is, from its header."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from listrak_relay.domain.columns.column_names import usual_role
from listrak_relay.domain.columns.header import check_names
from listrak_relay.domain.destinations.destinations import ColumnRole
from listrak_relay.domain.destinations.feed_settings import ColumnNames, Feed
from listrak_relay.domain.feeds.column import FeedColumn
from listrak_relay.domain.feeds.tables import FEED_TABLES, FeedTable
from listrak_relay.domain.values.names import listed, same_name_key, shown
from listrak_relay.domain.values.text import clean
from listrak_relay.errors import FileRejectedError

_NUMBERED = re.compile(r"(.*[^0-9])([1-9][0-9]{0,3})")


@dataclass(frozen=True, slots=True)
class FileColumn:
    """``index``: 0-based place in the file. ``header``: as there, trimmed. ``name``: as published, None if it is not.

    ``sent_as``: its name in the file that goes to Listrak.
    """

    index: int
    header: str
    name: str | None
    sent_as: str
    rules: FeedColumn | None


@dataclass(frozen=True, slots=True)
class FeedHeader:
    table: FeedTable
    columns: tuple[FileColumn, ...]

    def named(self, names: Sequence[str]) -> list[FileColumn]:
        """Those that the file has, in the order of ``names``."""
        found = {column.name: column for column in self.columns}
        return [found[name] for name in names if name in found]

    @property
    def unknown(self) -> list[str]:
        """Names of columns that Listrak does not know, as they may be shown."""
        if self.table.open:
            return []
        unknown = (column for column in self.columns if column.name is None)
        return [shown(c.header, f"column {c.index + 1}") for c in unknown]

    @property
    def sent_names(self) -> dict[str, str]:
        """Name of each column in the file → in the file that is sent, both as they may be shown."""
        return {
            shown(c.header, f"column {c.index + 1}"): shown(c.sent_as, f"column {c.index + 1}") for c in self.columns
        }

    @property
    def wanting(self) -> list[str]:
        """Columns that features of Listrak's need and the file does not have."""
        there = {column.name for column in self.columns}
        stand_ins = {name for key in self.table.keys if there & set(key) for name in key}
        return [c.name for c in self.table.columns if c.wanted and c.name not in there | stand_ins]


def feed_header_of(header: Sequence[str], feed: Feed, column_names: ColumnNames, file: str) -> FeedHeader:
    """``file``: the drop key, for messages.

    Raises:
        FileRejectedError: the header cannot be used (the codes of `domain.columns.check_names`, ``feed_key_missing``,
            ``column_ambiguous``, ``opt_status_not_carried``).
    """
    table = FEED_TABLES[feed]
    headers = [clean(name) for name in header]
    check_names(headers, file)
    known = {same_name_key(column.name): column for column in table.columns}
    columns = tuple(_column(index, text, known, table, column_names) for index, text in enumerate(headers))
    _check_no_name_twice(columns, file)
    _check_keys(table, columns, feed, file)
    if feed is Feed.CONTACT_LIST:
        _check_no_opt_status(headers, file)
    return FeedHeader(table, columns)


def _column(
    index: int, header: str, known: Mapping[str, FeedColumn], table: FeedTable, column_names: ColumnNames
) -> FileColumn:
    name, rules = _published(header, known)
    if name is None and table.open and usual_role(header) is ColumnRole.EMAIL:
        name, rules = "email", known["email"]
    published = name is not None and column_names is ColumnNames.PUBLISHED
    return FileColumn(index, header, name, name if name and published else header, rules)


def _published(header: str, known: Mapping[str, FeedColumn]) -> tuple[str | None, FeedColumn | None]:
    """The older guide spells names in its own way; without case, spaces, _ and - they are the same."""
    key = same_name_key(header)
    if key in known:
        return known[key].name, known[key]
    numbered = _NUMBERED.fullmatch(key)
    family = known.get(f"{numbered[1]}n") if numbered else None
    if numbered and family and family.name.endswith("_N"):
        return family.name.removesuffix("N") + numbered[2], family
    return None, None


def _check_no_name_twice(columns: Sequence[FileColumn], file: str) -> None:
    counts = Counter(column.name for column in columns if column.name)
    twice = [column.header for column in columns if column.name and counts[column.name] > 1]
    headers = [column.header for column in columns]
    if twice:
        raise FileRejectedError(
            "column_ambiguous", f"{file}: these columns mean the same to Listrak: {listed(twice, headers)}; keep one"
        )


def _check_keys(table: FeedTable, columns: Sequence[FileColumn], feed: Feed, file: str) -> None:
    there = {column.name for column in columns}
    lacking = [" or ".join(key) for key in table.keys if not there & set(key)]
    if lacking:
        headers = [column.header for column in columns]
        raise FileRejectedError(
            "feed_key_missing",
            f"{file}: a {feed} file needs the column {' and the column '.join(lacking)} (in any spelling); its columns "
            f"are {listed(headers, headers)}. If it is another feed, drop it under that destination",
        )


def _check_no_opt_status(headers: Sequence[str], file: str) -> None:
    said = [name for name in headers if usual_role(name) in (ColumnRole.OPT_IN, ColumnRole.OPT_OUT)]
    if said:
        raise FileRejectedError(
            "opt_status_not_carried",
            f"{file}: {listed(said, headers)} says who wants mail, which a list import by SFTP does not heed: it could "
            "subscribe people who opted out. Send the file through a destination of channel email, or leave out those "
            "people and the column",
        )
