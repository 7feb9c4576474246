"""What newer files have said, seen from an import of an older one that has ended only now: it may have undone it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from listrak_relay.domain.delivery.email_plan import EmailPlan
from listrak_relay.domain.delivery.plans import Stage
from listrak_relay.domain.destinations.destinations import EmailDestination
from listrak_relay.domain.lanes.verdicts import Newer
from listrak_relay.domain.run.manifest import Action, Chunk, EmailManifest
from listrak_relay.ports.ledger import RunLedger
from listrak_relay.ports.storage import ObjectStore
from listrak_relay.use_cases.lanes.superseding import PLAIN_ROWS, Superseding, newer_as_seen, person_of
from listrak_relay.use_cases.runs.chunk_rows import ChunkRow, checked_rows

SLICE_ROWS = 400_000

SLICES = 4
"""Of a larger chunk fewer rows of newer runs are looked at for their values, so that it takes no longer."""


@dataclass(frozen=True, slots=True)
class Undone:
    """What is to be said of one person once more. ``left``: they said no. ``out``: a newer mirror run has taken
    them out of the audience. ``values``: profile field → value, `CLEARED` where one is to be taken away."""

    contact: str
    left: bool = False
    out: bool = False
    values: dict[int, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Person:
    """``own``: hash of each value that the older import brought, None where it brought none."""

    own: tuple[int | None, ...]
    marked: bool
    left: bool = False
    out: bool = False
    values: dict[int, str] = field(default_factory=dict)

    def hears(self, run: _Run, chunk: Chunk, row: ChunkRow) -> None:
        if chunk.action is Action.UNSUBSCRIBE:
            self.left = True
            return
        if chunk.action is Action.SUBSCRIBE and not chunk.assumed:
            self.left = False
        if run.seen.same_audience and row.marked:
            self.out = False
        for mine, theirs, field_id in run.places:
            value = row.values[theirs]
            if not value or self.own[mine] is None:
                continue
            if hash(value) == self.own[mine]:
                self.values.pop(field_id, None)
            else:
                self.values[field_id] = value


@dataclass(frozen=True, slots=True)
class _Run:
    """``places``: of columns that fill one profile field: here, there, and the field."""

    manifest: EmailManifest
    plan: EmailPlan
    seen: Newer
    places: list[tuple[int, int, int]]

    @property
    def rows(self) -> int:
        """Those that may have values."""
        return sum(chunk.rows for chunk in self.manifest.chunks if chunk.action is not Action.UNSUBSCRIBE)

    def matters(self, chunk: Chunk) -> bool:
        own_word = chunk.action is Action.UNSUBSCRIBE or (chunk.action is Action.SUBSCRIBE and not chunk.assumed)
        return own_word or bool(self.places) or self.seen.same_audience


@dataclass(frozen=True, slots=True)
class SaidSince:
    """In constant memory: rows of the older chunk in slices, against each of which the newer runs are streamed.

    ``rows``: of newer runs that are looked at for their values; if there are more, for opt-outs and marks alone.
    """

    ledger: RunLedger
    store: ObjectStore
    superseding: Superseding
    slice_rows: int = SLICE_ROWS
    rows: int = PLAIN_ROWS

    def begun(self, manifest: EmailManifest) -> list[EmailManifest]:
        """The newer runs of the list that have sent something, oldest first."""
        return [run.of(EmailDestination) for run in self.superseding.begun(manifest)]

    def undone(
        self, manifest: EmailManifest, plan: EmailPlan, chunk: Chunk, newer: Sequence[EmailManifest]
    ) -> Iterator[Undone]:
        """By the verdicts that the chunk was sent by. Whoever is remembered by now for a no, and is subscribed by the
        destination's rule alone, has left as well."""
        asks_memory = chunk.action is Action.SUBSCRIBE and chunk.assumed
        if chunk.action is Action.UNSUBSCRIBE or not (newer or asks_memory):
            return
        slices = max(SLICES, -(-chunk.rows // self.slice_rows))
        runs = list(self._looked_at(plan, manifest, newer))
        if sum(run.rows for run in runs if run.places) > self.rows * SLICES // slices:
            # The values of some would take the place of those of others that are newer still.
            runs = [replace(run, places=[]) for run in runs]
        verdicts = self.superseding.stored(manifest.run_id, chunk.chunk_id)
        rows = checked_rows(self.store, manifest, plan.fields, chunk, verdicts)
        sent = (row for row in rows if isinstance(row, ChunkRow))
        while part := {row.contact: _told(row) for row in islice(sent, self.slice_rows)}:
            people = {person_of(contact): person for contact, person in part.items()}
            contacts = list(part) if asks_memory else []
            for position in self.superseding.opt_outs.remembered(manifest, contacts) if contacts else ():
                part[contacts[position]].left = True
            for run in runs:
                self._look(run, people)
            for contact, person in part.items():
                out = person.out and person.marked
                if person.left or out or person.values:
                    yield Undone(contact, person.left, out, person.values)

    def _looked_at(self, plan: EmailPlan, manifest: EmailManifest, newer: Sequence[EmailManifest]) -> Iterator[_Run]:
        for run in newer:
            its = self.ledger.get_plan(run.run_id, EmailPlan)
            if its is None or its.stage in (Stage.MAKING, Stage.REFUSED):
                continue
            places = [
                (mine, theirs, own.field_id)
                for mine, own in enumerate(plan.fields)
                for theirs, other in enumerate(its.fields)
                if own.field_id and own.field_id == other.field_id
            ]
            yield _Run(run, its, newer_as_seen(manifest, run), places)

    def _look(self, run: _Run, people: dict[int, _Person]) -> None:
        named: set[int] = set()
        for chunk in run.manifest.chunks:
            if not run.matters(chunk):
                continue
            verdicts = self.superseding.stored(run.manifest.run_id, chunk.chunk_id)
            for row in checked_rows(self.store, run.manifest, run.plan.fields, chunk, verdicts):
                number = person_of(row.contact) if isinstance(row, ChunkRow) else None
                if number in people and isinstance(row, ChunkRow):
                    people[number].hears(run, chunk, row)
                    if chunk.action is not Action.UNSUBSCRIBE:
                        named.add(number)
        if run.seen.names_all and run.seen.same_audience:
            for number, person in people.items():
                person.out = number not in named


def _hash(value: str) -> int | None:
    return hash(value) if value else None


def _told(row: ChunkRow) -> _Person:
    return _Person(tuple(map(_hash, row.values)), row.marked)
