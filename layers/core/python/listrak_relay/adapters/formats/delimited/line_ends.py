"""Rows that a stray line end has cut: one of another kind than the file's own, inside a value without quotes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from listrak_relay.adapters.formats.records import STRAY_END, Record

_ENDS = ("\r\n", "\n", "\r")
_FEW = 2
_SHARE = 20


def own_end(rows: Iterable[Record]) -> str | None:
    """The line end of nearly all rows; None if there are several kinds."""
    counts = Counter(map(_end, rows))
    counts.pop("", None)
    if not counts:
        return None
    ((end, count),) = counts.most_common(1)
    others = counts.total() - count
    return end if others <= _FEW or others * _SHARE <= counts.total() else None


def joined(records: Iterable[Record], end: str, width: int) -> Iterator[Record]:
    """``records``, but those that only together have ``width`` fields, and are parted by another line end than ``end``,
    are one damaged row. Read apart, one of them could pass for a sound row with a value cut off."""
    group: list[Record] = []
    for record in records:
        if group and record.row != group[-1].row + 1:
            yield from _settled(group, width)
            group = []
        group.append(record)
        if _end(record) in (end, ""):
            yield from _settled(group, width)
            group = []
    yield from _settled(group, width)


def _settled(group: list[Record], width: int) -> list[Record]:
    whole = all(len(record.fields) == width for record in group)
    if len(group) < 2 or whole or sum(len(record.fields) - 1 for record in group) != width - 1:  # noqa: PLR2004
        return group
    lines = [line for record in group for line in record.lines]
    return [Record(group[0].row, [], lines, STRAY_END)]


def _end(record: Record) -> str:
    last = record.lines[-1]
    return next((end for end in _ENDS if last.endswith(end)), "")
