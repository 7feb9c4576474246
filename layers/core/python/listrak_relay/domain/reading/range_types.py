"""What all ranges of a file decide together of its profile columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from listrak_relay.domain.columns.field_types import default_length, is_identifier_name
from listrak_relay.domain.columns.tally import Tally
from listrak_relay.domain.reading.ranges import WrittenRange
from listrak_relay.domain.run.manifest import FieldType, Form, ProfileColumn
from listrak_relay.domain.values.dates import DateOrder


@dataclass(frozen=True, slots=True)
class Agreed:
    """Of one column: what `ProfileColumn` says."""

    data_type: FieldType
    form: Form = Form.OWN
    date_order: DateOrder = DateOrder.USUAL


def agreed_types(written: Sequence[WrittenRange]) -> dict[str, Agreed]:
    """By profile field: what the values of the whole file come to, as if they had been looked at together."""
    return {column.name: _agreed(written, place) for place, column in enumerate(written[0].columns)}


def written_otherwise(written: Sequence[WrittenRange], agreed: Mapping[str, Agreed]) -> list[int]:
    """Numbers of the ranges whose values are not as they should be: dates are written in another form than other
    values."""
    return [
        found.number
        for found in written
        if any(
            column.longest
            and Form.FROM_ISO in (column.form, agreed[column.name].form)
            and column.form is not agreed[column.name].form
            for column in found.columns
        )
    ]


def joined_columns(
    written: Sequence[WrittenRange], agreed: Mapping[str, Agreed], max_text_length: int
) -> tuple[ProfileColumn, ...]:
    """The profile columns of the run. ``max_text_length``: as the destination has it."""
    return tuple(
        _joined([found.columns[place] for found in written], agreed, max_text_length)
        for place in range(len(written[0].columns))
    )


def joined_tally(written: Sequence[WrittenRange], place: int) -> Tally | None:
    """None: the type is declared."""
    tallies = [found.tallies[place] for found in written]
    return sum((tally for tally in tallies if tally), Tally()) if any(tallies) else None


def _joined(columns: Sequence[ProfileColumn], agreed: Mapping[str, Agreed], max_text_length: int) -> ProfileColumn:
    first, found = columns[0], agreed[columns[0].name]
    wanted = next((column for column in columns if column.data_type is found.data_type), None)
    length = wanted.max_length if wanted else default_length(found.data_type, max_text_length)
    return replace(
        first,
        data_type=found.data_type,
        form=found.form,
        date_order=found.date_order,
        longest=max(column.longest for column in columns),
        max_length=length,
    )


def _agreed(written: Sequence[WrittenRange], place: int) -> Agreed:
    column, tally = written[0].columns[place], joined_tally(written, place)
    if tally is None:
        return Agreed(column.data_type, column.form, column.date_order)
    data_type = tally.data_type(identifier=is_identifier_name(column.name))
    return Agreed(data_type, tally.form(data_type), tally.date_order)
