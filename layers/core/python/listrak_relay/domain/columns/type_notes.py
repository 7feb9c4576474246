"""What the report says of the types of profile columns, and what they were decided from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from listrak_relay.domain.columns.tally import Tally
from listrak_relay.domain.run.manifest import FieldType, ProfileColumn
from listrak_relay.domain.values.dates import DateOrder
from listrak_relay.domain.values.names import shown

_WHY = {
    DateOrder.SHORT: "month, day, year: some have a day that can be no month",
    DateOrder.DAY_FIRST: "day, month, year: some have a day that can be no month",
    DateOrder.DOUBT: "dates with slashes have the day in the first place in some rows, so only those are read whose "
    "second number can be no month; say type: date and a date_format in the data template",
}
_USUAL_ORDER = (
    "dates with slashes of which none says by itself which number is the day are read as month, day, year; if the day "
    "comes first, say type: date and a date_format in the data template"
)


def type_notes(
    columns: Sequence[ProfileColumn], tallies: Sequence[Tally | None], timed: Sequence[int]
) -> dict[str, Any]:
    """``tallies``: None where the data template, or the role, says the type. ``timed``: values of which the time is
    dropped, since a Date has none."""
    notes = {
        shown(column.name, f"profile field {place}"): _note(column, tally, times)
        for place, (column, tally, times) in enumerate(zip(columns, tallies, timed, strict=True), start=1)
    }
    return {"types": notes}


def _note(column: ProfileColumn, tally: Tally | None, times: int) -> dict[str, Any]:
    note: dict[str, Any] = {"type": column.data_type.value}
    if tally is None:
        note["declared"] = True
    else:
        note |= {"values": tally.values, "fitting": tally.fitting(column.data_type)}
        if tally.empty:
            note["words_for_no_value"] = tally.empty
        if why := _WHY.get(column.date_order):
            note["why"] = why
        elif column.data_type is FieldType.TEXT and tally.dotted:
            note["why"] = "dates with dots: which number is the day cannot be told; say type: date and a date_format"
        elif column.data_type is FieldType.DATE and tally.slashed and not tally.month_first:
            note["why"] = _USUAL_ORDER
    if times:
        note["times_dropped"] = times
    return note
