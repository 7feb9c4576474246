"""Whoever said no in a file of a list is remembered, known to the list or not, until a file brings a yes of their own.

So is such a yes, of those who are remembered and of no others, so that it holds for the files behind it too. Kept in
segments, each sorted: `HASH_BYTES` bytes of a keyed hash and 4 bytes of the time of the drop in epoch seconds.
Nothing here takes more memory for more people than a million entries, and every step may be repeated.
"""

from __future__ import annotations

import hashlib
import heapq
import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from listrak_relay.domain.lanes.lane import dropped_seconds, place_of
from listrak_relay.domain.run import work_keys as keys
from listrak_relay.domain.run.manifest import Action, AnyManifest, Chunk
from listrak_relay.errors import RetryableError
from listrak_relay.ports.person_hashes import HASH_BYTES, PersonHashes
from listrak_relay.ports.storage import ObjectStore
from listrak_relay.use_cases.runs.chunk_rows import read_contacts
from listrak_relay.use_cases.runs.content_types import BINARY

_ENTRY = struct.Struct(f">{HASH_BYTES}sI")
ENTRY_BYTES = _ENTRY.size
SEGMENT_ENTRIES = 1_000_000
MOST_SEGMENTS = 40
"""Of a list, before they are merged into one."""

YES_ROWS = 5_000_000
"""In a file with more rows of people's own yeses nobody looks who of them is remembered: it would take too long."""

_SLICE = 500_000

_BLOCK = ENTRY_BYTES * 20_000


@dataclass(frozen=True, slots=True)
class OptOuts:
    """``segment_entries``: of one segment that a file makes."""

    store: ObjectStore
    hashes: PersonHashes
    segment_entries: int = SEGMENT_ENTRIES
    most_segments: int = MOST_SEGMENTS

    def remember(self, manifest: AnyManifest) -> None:
        """Everybody who says no in the file, and who says yes after a no. A repeat writes the same objects."""
        place = place_of(manifest.source, manifest.destination)
        if place is None:
            return
        chunks = [chunk for chunk in manifest.chunks if chunk.action is Action.UNSUBSCRIBE]
        if chunks:
            self._keep(manifest, place.lane, chunks, _folder(place.lane))
        said_yes = [chunk for chunk in manifest.chunks if chunk.action is Action.SUBSCRIBE and not chunk.assumed]
        if sum(chunk.rows for chunk in said_yes) <= YES_ROWS and self._segments(_folder(place.lane)):
            self._keep(manifest, place.lane, said_yes, _folder_of_yeses(place.lane), only_remembered=True)

    def _keep(
        self, manifest: AnyManifest, lane: str, chunks: Sequence[Chunk], folder: str, *, only_remembered: bool = False
    ) -> None:
        time, number = _time(manifest).to_bytes(4), 0
        contacts = (contact for chunk in chunks for contact in read_contacts(self.store, chunk))
        size = min(_SLICE, self.segment_entries) if only_remembered else self.segment_entries
        while part := list(islice(contacts, size)):
            if only_remembered:
                part = [part[position] for position in self._said_no(lane, part, _time(manifest))]
            entries = sorted(person + time for person in self.hashes.of_all(lane, part))
            if entries:
                self.store.put(keys.opt_outs_key(folder, f"{manifest.run_id}-{number:05d}"), b"".join(entries), BINARY)
            number += 1
        self._merge_if_many(folder)

    def remembered(self, manifest: AnyManifest, contacts: Sequence[str]) -> set[int]:
        """Positions of those among the contacts who said no in a file that was not dropped after this one, and no yes
        of their own since.

        Raises:
            RetryableError: the segments were merged meanwhile.
        """
        place = place_of(manifest.source, manifest.destination)
        if place is None:
            return set()
        until = _time(manifest)
        said_no = self._said_no(place.lane, contacts, until)
        yeses = self._segments(_folder_of_yeses(place.lane)) if said_no else []
        if not yeses:
            return set(said_no)
        people = self.hashes.of_all(place.lane, (contacts[position] for position in said_no))
        wanted = dict(zip(people, said_no, strict=True))
        last_yes: dict[int, int] = {}
        for person, time in self._times(yeses, wanted):
            if time <= until:
                last_yes[person] = max(time, last_yes.get(person, 0))
        return {position for position, no in said_no.items() if no >= last_yes.get(position, 0)}

    def _said_no(self, lane: str, contacts: Sequence[str], until: int) -> dict[int, int]:
        """Position of each who did → when at last, as far as is known."""
        segments = self._segments(_folder(lane))
        if not segments:
            return {}
        wanted = dict(zip(self.hashes.of_all(lane, contacts), range(len(contacts)), strict=True))
        found: dict[int, int] = {}
        later: set[int] = set()
        for person, time in self._times(segments, wanted):
            if time <= until:
                found[person] = max(time, found.get(person, 0))
            else:
                later.add(person)
        # Of a person's nos only the first and the last are kept, so there may be one in between.
        return {person: until if person in later else time for person, time in found.items()}

    def _times(self, segments: Sequence[str], wanted: Mapping[bytes, int]) -> Iterator[tuple[int, int]]:
        for segment in segments:
            # This loop runs ten million times: no call in it but the look-up.
            for block in self._blocks(segment):
                for person, time in _ENTRY.iter_unpack(block):
                    if person in wanted:
                        yield wanted[person], time

    def merge(self, folder: str, segments: Sequence[str]) -> None:
        """Make one of many: the new one is there before the others go. Of one person the first and the last are
        kept."""
        name = hashlib.sha256("\0".join(segments).encode()).hexdigest()[:16]
        self._write(keys.opt_outs_key(folder, f"merged-{name}"), heapq.merge(*map(self._entries, segments)))
        for segment in segments:
            self.store.delete(segment)

    def keep_out(self, lane: str, contact: str, since: float) -> None:
        """Remember one person as if a file dropped at ``since`` (epoch seconds) had said no for them."""
        person, time = self.hashes.of(lane, contact), int(since)
        key = keys.opt_outs_key(_folder(lane), f"kept_out-{time}-{person.hex()}")
        self.store.put(key, _ENTRY.pack(person, time), BINARY)
        self._merge_if_many(_folder(lane))

    def _merge_if_many(self, folder: str) -> None:
        segments = self._segments(folder)
        if len(segments) > self.most_segments:
            self.merge(folder, segments)

    def _segments(self, folder: str) -> list[str]:
        return self.store.keys(keys.opt_outs_key(folder, ""))

    def _write(self, key: str, entries: Iterable[bytes]) -> None:
        """``entries``: sorted, so that those of a person come by their times."""
        first, last = b"", b""
        with self.store.writing(key, BINARY) as body:
            for entry in entries:
                if entry[:HASH_BYTES] != first[:HASH_BYTES]:
                    if last != first:
                        body.write(last)
                    body.write(entry)
                    first = entry
                last = entry
            if last != first:
                body.write(last)

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


def _folder_of_yeses(lane: str) -> str:
    return _folder(f"{lane}\0yes")
