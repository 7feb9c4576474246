"""The types of profile columns on which all ranges of a file agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from listrak_relay.domain.reading.ranges import WrittenRange
from listrak_relay.domain.run.manifest import FieldType, ProfileColumn


def agreed_types(written: Sequence[WrittenRange]) -> dict[str, FieldType]:
    """By profile field: the type that all values of the file have, as if they had been looked at together."""
    return {column.name: _agreed(written, place) for place, column in enumerate(written[0].columns)}


def written_otherwise(written: Sequence[WrittenRange], agreed: Mapping[str, FieldType]) -> list[int]:
    """Numbers of the ranges whose values are not as they should be: dates are written in another form than other
    values."""
    return [
        found.number
        for found in written
        if any(
            column.longest
            and column.data_type is not agreed[column.name]
            and FieldType.DATE in (column.data_type, agreed[column.name])
            for column in found.columns
        )
    ]


def joined_columns(written: Sequence[WrittenRange], agreed: Mapping[str, FieldType]) -> tuple[ProfileColumn, ...]:
    """The profile columns of the run."""
    return tuple(
        _joined([found.columns[place] for found in written], agreed) for place in range(len(written[0].columns))
    )


def _joined(columns: Sequence[ProfileColumn], agreed: Mapping[str, FieldType]) -> ProfileColumn:
    wanted = agreed[columns[0].name]
    like = next((column for column in columns if column.data_type is wanted), columns[0])
    return replace(like, data_type=wanted, longest=max(column.longest for column in columns))


def _agreed(written: Sequence[WrittenRange], place: int) -> FieldType:
    if written[0].columns[place].declared:
        return written[0].columns[place].data_type
    with_values = [found for found in written if found.columns[place].longest]
    if not with_values:
        return FieldType.TEXT
    first, *others = with_values
    common = [kind for kind in first.possible[place] if all(kind in other.possible[place] for other in others)]
    return common[0] if common else FieldType.TEXT
