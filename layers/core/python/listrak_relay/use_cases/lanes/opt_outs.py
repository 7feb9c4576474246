"""Whoever said no in a file of a list is remembered, known to the list or not, until a file brings a yes of their own.

Kept in segments, each sorted: `HASH_BYTES` bytes of a keyed hash and 4 bytes of the time of the drop in epoch seconds.
Nothing here takes more memory for more people than a million entries, and every step may be repeated.
"""

from __future__ import annotations

import hashlib
import heapq
import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from listrak_relay.domain.lanes.lane import dropped_seconds, place_of
from listrak_relay.domain.run import work_keys as keys
from listrak_relay.domain.run.manifest import Action, AnyManifest
from listrak_relay.errors import RetryableError
from listrak_relay.ports.person_hashes import HASH_BYTES, PersonHashes
from listrak_relay.ports.storage import ObjectStore
from listrak_relay.use_cases.runs.chunk_rows import read_chunk
from listrak_relay.use_cases.runs.content_types import BINARY

_ENTRY = struct.Struct(f">{HASH_BYTES}sI")
ENTRY_BYTES = _ENTRY.size
SEGMENT_ENTRIES = 1_000_000
MOST_SEGMENTS = 40
"""Of a list, before they are merged into one."""

_BLOCK = ENTRY_BYTES * 20_000


@dataclass(frozen=True, slots=True)
class OptOuts:
    """``segment_entries``: of one segment that a file makes."""

    store: ObjectStore
    hashes: PersonHashes
    segment_entries: int = SEGMENT_ENTRIES
    most_segments: int = MOST_SEGMENTS

    def remember(self, manifest: AnyManifest) -> None:
        """Everybody who says no in the file. A repeat writes the same objects."""
        place = place_of(manifest.source, manifest.destination)
        chunks = [chunk for chunk in manifest.chunks if chunk.action is Action.UNSUBSCRIBE]
        if place is None or not chunks:
            return
        time = _time(manifest).to_bytes(4)
        contacts = (cells[0] for chunk in chunks for _, cells in read_chunk(self.store, chunk))
        number = 0
        while entries := [
            self.hashes.of(place.lane, contact) + time for contact in islice(contacts, self.segment_entries)
        ]:
            key = keys.opt_outs_key(_folder(place.lane), f"{manifest.run_id}-{number:05d}")
            self.store.put(key, b"".join(sorted(entries)), BINARY)
            number += 1
        self._merge_if_many(place.lane)

    def remembered(self, manifest: AnyManifest, contacts: Sequence[str]) -> set[int]:
        """Positions of those among the contacts who said no in a file that was not dropped after this one.

        Raises:
            RetryableError: the segments were merged meanwhile.
        """
        place = place_of(manifest.source, manifest.destination)
        segments = self._segments(place.lane) if place else []
        if place is None or not segments:
            return set()
        wanted = {self.hashes.of(place.lane, contact): position for position, contact in enumerate(contacts)}
        until = _time(manifest)
        found: set[int] = set()
        for segment in segments:
            # This loop runs ten million times: no call in it but the look-up.
            for block in self._blocks(segment):
                for person, time in _ENTRY.iter_unpack(block):
                    if person in wanted and time <= until:
                        found.add(wanted[person])
        return found

    def merge(self, lane: str, segments: Sequence[str]) -> None:
        """Make one of many: the new one is there before the others go. Of one person the first no is kept."""
        name = hashlib.sha256("\0".join(segments).encode()).hexdigest()[:16]
        self._write(keys.opt_outs_key(_folder(lane), f"merged-{name}"), heapq.merge(*map(self._entries, segments)))
        for segment in segments:
            self.store.delete(segment)

    def keep_out(self, lane: str, contact: str, since: float) -> None:
        """Remember one person as if a file dropped at ``since`` (epoch seconds) had said no for them."""
        person, time = self.hashes.of(lane, contact), int(since)
        key = keys.opt_outs_key(_folder(lane), f"kept_out-{time}-{person.hex()}")
        self.store.put(key, _ENTRY.pack(person, time), BINARY)
        self._merge_if_many(lane)

    def _merge_if_many(self, lane: str) -> None:
        segments = self._segments(lane)
        if len(segments) > self.most_segments:
            self.merge(lane, segments)

    def _segments(self, lane: str) -> list[str]:
        return self.store.keys(keys.opt_outs_key(_folder(lane), ""))

    def _write(self, key: str, entries: Iterable[bytes]) -> None:
        last = b""
        with self.store.writing(key, BINARY) as body:
            for entry in entries:
                if entry[:HASH_BYTES] != last:
                    body.write(entry)
                last = entry[:HASH_BYTES]

    def _entries(self, segment: str) -> Iterator[bytes]:
        for block in self._blocks(segment):
            for start in range(0, len(block), ENTRY_BYTES):
                yield block[start : start + ENTRY_BYTES]

    def _blocks(self, segment: str) -> Iterator[bytes]:
        try:
            body = self.store.open(segment)
        except FileNotFoundError:
            raise RetryableError("the remembered opt-outs of the list were merged while they were read", 5) from None
        with body:
            while block := body.read(_BLOCK):
                yield block


def _time(manifest: AnyManifest) -> int:
    return int(dropped_seconds(manifest.source))


def _folder(lane: str) -> str:
    return hashlib.sha256(lane.encode()).hexdigest()[:24]
