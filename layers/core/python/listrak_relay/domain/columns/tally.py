"""What the values of a column are, counted; and the type that a new profile field gets by that.

Counts of parts of a file can be added up, so that all parts decide as the whole file would.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from listrak_relay.domain.run.manifest import FieldType, Form
from listrak_relay.domain.values.dates import DateOrder

NO_VALUE_WORDS = (
    *("null", "none", "nil", "nan", "-nan", "nat", "na", "n/a", "#n/a", "n.a.", "<na>", "<null>", "(null)", "[null]"),
    *("-", "--", "?", "unknown", "undefined", "missing"),
)
"""In lower case. They stay what they are, but do not keep a column of numbers or dates from being one."""

_ODD_SHARE, _FEWEST = 100, 20
"""Of so many values one may be anything; and one of at least that many."""


@dataclass(frozen=True, slots=True)
class Tally:
    """``values``: that are not blank. ``empty``: words for no value, and dates such as 0000-00-00.

    Numbers: ``numbers`` are such with at most two decimals, ``plain_numbers`` those that are written as a field takes
    them, ``leading_zeros`` texts of digits that begin with a 0 which would be lost.

    Dates: ``days`` can be read one by one, among them ``iso_days`` (YYYY-MM-DD), ``american_days`` (MM/DD/YYYY) and
    ``timed`` ones; ``slashed`` are all those with slashes that can be read, ``month_first`` such with a day above
    12 in the second place, ``day_first`` texts with one in the first and none in the second. ``short``: with a year
    of two digits. ``dotted``: day, month and year with dots, ``dotted_day_first`` with a day above 12.

    ``of_numbers``: numbers of any length, infinite ones, and NaN; ``not_numbers`` are NaN.
    """

    values: int = 0
    empty: int = 0
    numbers: int = 0
    plain_numbers: int = 0
    leading_zeros: int = 0
    days: int = 0
    iso_days: int = 0
    american_days: int = 0
    timed: int = 0
    slashed: int = 0
    month_first: int = 0
    day_first: int = 0
    short: int = 0
    dotted: int = 0
    dotted_day_first: int = 0
    of_numbers: int = 0
    not_numbers: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(getattr(self, field.name) + getattr(other, field.name) for field in fields(self)))

    def any_of_a_type(self, *, identifier: bool) -> bool:
        """Whether more of them could make it a column of numbers or dates. ``identifier``: as for `data_type`."""
        numbers = 0 if identifier else self.numbers + self.of_numbers
        return any((numbers, self.days, self.short, self.dotted, self.slashed, self.day_first))

    @property
    def date_order(self) -> DateOrder:
        if self.day_first > self._allowed(self.month_first):
            return DateOrder.DOUBT
        if self.short and self.month_first:
            return DateOrder.SHORT
        if self.dotted and self.dotted_day_first:
            return DateOrder.DAY_FIRST
        return DateOrder.USUAL

    @property
    def dates(self) -> int:
        """Values that are read as dates."""
        more = {
            DateOrder.DOUBT: self.month_first - self.slashed,
            DateOrder.SHORT: self.short,
            DateOrder.DAY_FIRST: self.dotted,
        }
        return self.days + more.get(self.date_order, 0)

    def data_type(self, *, identifier: bool) -> FieldType:
        """``identifier``: the column's name says that its digits name something."""
        if not identifier and not self.leading_zeros and self._are(self.numbers):
            return FieldType.NUMERIC
        return FieldType.DATE if self._are(self.dates) else FieldType.TEXT

    def _are(self, fitting: int) -> bool:
        odd = self.values - self.empty - fitting
        return fitting > 0 and 2 * fitting >= self.values and odd <= self._allowed(self.values)

    @staticmethod
    def _allowed(values: int) -> int:
        return max(values // _ODD_SHARE, int(values >= _FEWEST))

    def fitting(self, data_type: FieldType) -> int:
        """Values that fit a field of this type."""
        return {FieldType.NUMERIC: self.numbers, FieldType.DATE: self.dates}.get(data_type, self.values)

    def form(self, data_type: FieldType) -> Form:
        """In which form the chunk files have the values of a column of this type."""
        if data_type is FieldType.DATE and self.iso_days == self.values:
            return Form.FROM_ISO
        if data_type is FieldType.TEXT and self.not_numbers and self.of_numbers == self.values:
            return Form.OF_NUMBERS
        known = {FieldType.NUMERIC: self.plain_numbers, FieldType.DATE: self.american_days}
        return Form.OWN if known.get(data_type, self.values) == self.values else Form.AS_DROPPED
