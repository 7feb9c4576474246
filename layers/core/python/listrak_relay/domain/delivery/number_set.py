"""Many phone numbers in little memory: eight bytes each, where a set of texts takes a hundred."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Set

_LONGEST = 18
"""Digits that fit into 64 bits behind a one, which keeps leading zeros. E.164 has fifteen at most."""


class NumberSet(Set[str]):
    """Texts of digits, as `sms_numbers.comparable` makes them, in the order of their length and value."""

    __slots__ = ("_long", "_sorted")

    def __init__(self, numbers: Iterable[str] = ()) -> None:
        found, self._long = array("Q"), set[str]()
        for number in numbers:
            if len(number) <= _LONGEST:
                found.append(int("1" + number))
            else:
                self._long.add(number)
        self._sorted = array("Q", _without_repeats(sorted(found)))

    def __contains__(self, number: object) -> bool:
        if not isinstance(number, str):
            return False
        if len(number) > _LONGEST:
            return number in self._long
        wanted = int("1" + number)
        place = bisect_left(self._sorted, wanted)
        return place < len(self._sorted) and self._sorted[place] == wanted

    def __iter__(self) -> Iterator[str]:
        for number in self._sorted:
            yield str(number)[1:]
        yield from sorted(self._long)

    def __len__(self) -> int:
        return len(self._sorted) + len(self._long)


def _without_repeats(ordered: Iterable[int]) -> Iterator[int]:
    last = -1
    for number in ordered:
        if number != last:
            yield number
        last = number
