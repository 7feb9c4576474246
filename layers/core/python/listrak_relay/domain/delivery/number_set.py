"""Many phone numbers in little memory: nine bytes each, where a set of texts takes a hundred."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Set

_LONGEST = 18
"""Digits that fit into 64 bits behind a one, which keeps leading zeros. E.164 has fifteen at most."""

_BUCKETS = 256
"""By the last bits of a number, which differ where the first ones are alike: so one can be sorted in little memory."""

_ALL_BITS = "Q"


class NumberSet(Set[str]):
    """Texts of digits, as `sms_numbers.comparable` makes them, in an order that is the same for the same numbers."""

    __slots__ = ("_buckets", "_long")

    def __init__(self, numbers: Iterable[str] = ()) -> None:
        self._buckets, self._long = [array(_ALL_BITS) for _ in range(_BUCKETS)], set[str]()
        for number in numbers:
            if len(number) <= _LONGEST:
                kept = int("1" + number)
                self._buckets[kept % _BUCKETS].append(kept)
            else:
                self._long.add(number)
        for place, bucket in enumerate(self._buckets):
            self._buckets[place] = array(_ALL_BITS, sorted(set(bucket)))

    def __contains__(self, number: object) -> bool:
        if not isinstance(number, str):
            return False
        if len(number) > _LONGEST:
            return number in self._long
        wanted = int("1" + number)
        bucket = self._buckets[wanted % _BUCKETS]
        place = bisect_left(bucket, wanted)
        return place < len(bucket) and bucket[place] == wanted

    def __iter__(self) -> Iterator[str]:
        for bucket in self._buckets:
            for number in bucket:
                yield str(number)[1:]
        yield from sorted(self._long)

    def __len__(self) -> int:
        return sum(map(len, self._buckets)) + len(self._long)
