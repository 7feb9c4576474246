"""A set of contact keys in little memory: a hash of each, sorted, that says whether one is among them.

With a hundred million people who stay and a million who leave, 64 bits let one of the million stay in one of 180,000
runs.
"""

from __future__ import annotations

import hashlib
import math
from array import array
from bisect import bisect_left
from typing import BinaryIO

BYTES_EACH = 9
"""What a contact takes in memory at most; `make bench ARGS=mirror` measures it."""

_BUCKETS = 256
"""By the first byte of a hash, so that one can be sorted in little memory."""

_SHIFT = 56
_PIECE = 1 << 20
_ALL_BITS = "Q"


class HashedContacts:
    """Add or read, then `sort`, then ask.

    ``expected``: how many there will be. Their memory is taken at once: what grows by and by leaves gaps behind.
    """

    def __init__(self, expected: int) -> None:
        share = expected / _BUCKETS
        # Six standard deviations more than the mean; a bucket that has still more grows.
        room = bytes(8 * math.ceil(share + 6 * math.sqrt(share)))
        self._buckets = [array(_ALL_BITS, room) for _ in range(_BUCKETS)]
        self._filled = [0] * _BUCKETS

    def __len__(self) -> int:
        return sum(self._filled)

    def __contains__(self, contact: str) -> bool:
        """Only after `sort`."""
        hashed = _hash(contact)
        number = hashed >> _SHIFT
        bucket, filled = self._buckets[number], self._filled[number]
        place = bisect_left(bucket, hashed, 0, filled)
        return place < filled and bucket[place] == hashed

    def add(self, contact: str) -> None:
        hashed = _hash(contact)
        number = hashed >> _SHIFT
        bucket, filled = self._buckets[number], self._filled[number]
        if filled < len(bucket):
            bucket[filled] = hashed
        else:
            bucket.append(hashed)
        self._filled[number] = filled + 1

    def sort(self) -> None:
        for bucket, filled in zip(self._buckets, self._filled, strict=True):
            bucket[:filled] = array(_ALL_BITS, sorted(bucket[:filled]))

    def write(self, stream: BinaryIO) -> None:
        """Eight bytes for each contact, for `read`. Only after `sort`."""
        for bucket, filled in zip(self._buckets, self._filled, strict=True):
            stream.write(bucket[:filled].tobytes())

    def read(self, stream: BinaryIO) -> None:
        """Add what `write` wrote."""
        while piece := stream.read(_PIECE):
            hashes = array(_ALL_BITS, piece)
            first = 0
            while first < len(hashes):
                number = hashes[first] >> _SHIFT
                end = bisect_left(hashes, (number + 1) << _SHIFT, first)
                filled = self._filled[number]
                self._buckets[number][filled : filled + end - first] = hashes[first:end]
                self._filled[number] = filled + end - first
                first = end


def _hash(contact: str) -> int:
    """The same in every process. Case does not matter to Listrak."""
    return int.from_bytes(hashlib.blake2b(contact.casefold().encode(), digest_size=8).digest(), "little")
