"""A run that comes late is compared with the newer ones of its list that did not wait for it.

In constant memory: the rows of a chunk are taken in slices, against each of which the newer runs' chunks are streamed.
The verdicts are stored, so that whoever counts the rows later counts by those that they were sent by.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from listrak_relay.domain.destinations.choices import Channel, Mode
from listrak_relay.domain.lanes.lane import LaneEntry, LanePlace, is_special, place_of
from listrak_relay.domain.lanes.verdicts import Newer, Said, Verdict, said_by, verdict_on
from listrak_relay.domain.run import work_keys as keys
from listrak_relay.domain.run.manifest import Action, AnyManifest, Chunk
from listrak_relay.domain.run.runs import RunStatus
from listrak_relay.domain.values.names import same_name_key
from listrak_relay.ports.lanes import RunLanes
from listrak_relay.ports.ledger import RunLedger
from listrak_relay.ports.storage import ObjectStore
from listrak_relay.use_cases.lanes.opt_outs import OptOuts
from listrak_relay.use_cases.runs.chunk_rows import read_chunk
from listrak_relay.use_cases.runs.content_types import TEXT
from listrak_relay.use_cases.runs.manifest_store import load_manifest

SLICE_ROWS = 500_000

PLAIN_ROWS = 5_000_000
"""Of newer runs that only subscribe or update, for each chunk: values that are written last in the wrong order are not
worth the time that more would take."""


@dataclass(frozen=True, slots=True)
class Superseding:
    """``slice_rows``: rows of a late chunk that are compared at once. ``plain_rows``: of newer runs with which it is
    compared for nothing but values, rows."""

    ledger: RunLedger
    lanes: RunLanes
    store: ObjectStore
    opt_outs: OptOuts
    slice_rows: int = SLICE_ROWS
    plain_rows: int = PLAIN_ROWS

    def judge(self, manifest: AnyManifest, chunk: Chunk) -> str:
        """One `Verdict` for each row, stored; empty: every row goes as it is.

        To be asked right before rows are sent, and not while others may have been sent by an earlier judgement.
        """
        newer, begun = self.newer(manifest), []
        if chunk.action is not Action.UNSUBSCRIBE and manifest.columns and not is_special(manifest):
            begun = self._with_all_columns(manifest)
        asks_memory = chunk.action is Action.SUBSCRIBE and chunk.assumed
        if not newer and not begun and not asks_memory:
            return ""
        seen = [_Seen(run, newer_as_seen(manifest, run)) for run in newer]
        seen += [_Seen(run, Newer(same_audience=False, names_all=False), _places(manifest, run)) for run in begun]
        verdicts = "".join(self._judged(manifest, chunk, seen, asks_memory=asks_memory))
        if not newer and verdicts.strip(Verdict.SEND) == "":
            return ""
        self.store.put(keys.verdicts_key(manifest.run_id, chunk.chunk_id), verdicts.encode(), TEXT)
        return verdicts

    def stored(self, run_id: str, chunk_id: str) -> str:
        """The last judgement."""
        try:
            with self.store.open(keys.verdicts_key(run_id, chunk_id)) as body:
                return str(body.read(), "ascii")
        except FileNotFoundError:
            return ""

    def newer(self, manifest: AnyManifest) -> list[AnyManifest]:
        """The newer runs that may have sent something already and that the run is not indifferent to."""
        place = place_of(manifest.source, manifest.destination)
        if place is None:
            return []
        special = is_special(manifest)
        return self._begun(place, lambda entry: special or entry.special)

    def begun(self, manifest: AnyManifest) -> list[AnyManifest]:
        """The newer runs that may have sent something already, oldest first."""
        place = place_of(manifest.source, manifest.destination)
        return self._begun(place, lambda _: True) if place else []

    def _begun(self, place: LanePlace, wanted: Callable[[LaneEntry], bool]) -> list[AnyManifest]:
        begun = [e for e in self.lanes.from_here(place) if e.place != place and e.started and wanted(e)]
        return [load_manifest(self.store, entry.place.run_id) for entry in begun if self._counts(entry)]

    def _with_all_columns(self, manifest: AnyManifest) -> list[AnyManifest]:
        """The newer runs that only subscribe or update, have begun, and write every profile field that this one writes;
        the next ones, as far as their rows are not too many."""
        place = place_of(manifest.source, manifest.destination)
        left, found = self.plain_rows, []
        for run in self._begun(place, lambda entry: not entry.special) if place else ():
            if None in _places(manifest, run):
                continue
            left -= sum(chunk.rows for chunk in run.chunks)
            if left < 0:
                break
            found.append(run)
        return found

    def newer_of_audience(self, manifest: AnyManifest) -> list[Newcomers]:
        """The newer runs that have set the mark of the same audience."""
        keeping = filter(_keeps_anybody, self.newer(manifest))
        seen = ((newer, newer_as_seen(manifest, newer)) for newer in keeping)
        return [Newcomers(self.store, run, mirrors=how.names_all) for run, how in seen if how.same_audience]

    def spoken_of(self, manifest: AnyManifest, people: set[str], form: Callable[[str], str]) -> set[str]:
        """Those of the people of whom a newer run says something, if only by not naming them. ``form``: a contact key
        as ``people`` has it."""
        found: set[str] = set()
        for newer in self.newer(manifest):
            if newer_as_seen(manifest, newer).names_all:
                return people
            for chunk in newer.chunks:
                found |= people.intersection(form(cells[0]) for _, cells in read_chunk(self.store, chunk))
        return found

    def _counts(self, entry: LaneEntry) -> bool:
        """A run that was stopped as a whole has said nothing."""
        try:
            return self.ledger.get_run(entry.place.run_id).status is not RunStatus.REJECTED
        except KeyError:
            return False  # The ledger has forgotten it.

    def _judged(self, manifest: AnyManifest, chunk: Chunk, newer: list[_Seen], *, asks_memory: bool) -> Iterator[str]:
        sms = manifest.destination.channel is Channel.SMS
        own, columns = said_by(chunk), range(1, 1 + len(manifest.columns))
        rows = ((cells[0], _filled(cells, columns)) for _, cells in read_chunk(self.store, chunk))
        while part := list(islice(rows, self.slice_rows)):
            wanted = {person_of(contact): filled for contact, filled in part} if newer else {}
            said = [self._said(run, wanted) for run in newer]
            opted_out = self.opt_outs.remembered(manifest, [c for c, _ in part]) if asks_memory else set()
            for position, (contact, _) in enumerate(part):
                person = person_of(contact)
                of_person = [(run.newer, by.get(person, Said.NOTHING)) for run, by in zip(newer, said, strict=True)]
                verdict = verdict_on(own, of_person, sms=sms)
                forgotten = verdict is Verdict.SUPERSEDED or position not in opted_out
                yield verdict.value if forgotten else Verdict.OPTED_OUT_BEFORE.value

    def _said(self, newer: _Seen, wanted: Mapping[int, int]) -> dict[int, Said]:
        """``wanted``: person → which of the older run's columns are filled."""
        found: dict[int, Said] = {}
        for chunk in newer.manifest.chunks:
            said = said_by(chunk)
            for _, cells in read_chunk(self.store, chunk):
                person = person_of(cells[0])
                if person in wanted and not wanted[person] & ~newer.brings(cells):
                    found[person] = found.get(person, Said.NOTHING) | said
        return found


@dataclass(frozen=True, slots=True)
class Newcomers:
    """Whom a newer run has put into the audience. ``mirrors``: and nobody else is to be in it."""

    store: ObjectStore
    manifest: AnyManifest
    mirrors: bool

    @property
    def rows(self) -> int:
        return sum(chunk.rows for chunk in self._chunks())

    def emails(self) -> Iterator[str]:
        return (cells[0] for chunk in self._chunks() for _, cells in read_chunk(self.store, chunk))

    def among(self, emails: set[str]) -> set[str]:
        """``emails``: in lower case."""
        return emails.intersection(email.casefold() for email in self.emails())

    def _chunks(self) -> Iterator[Chunk]:
        return (chunk for chunk in self.manifest.chunks if chunk.action is not Action.UNSUBSCRIBE)


@dataclass(frozen=True, slots=True)
class _Seen:
    """``places``: of a run that matters for its values alone: of each column of the older run, its place in the newer
    one's rows; else None."""

    manifest: AnyManifest
    newer: Newer
    places: Sequence[int | None] | None = None

    def brings(self, cells: Sequence[str]) -> int:
        """A bit for each column of the older run that the row fills; all of them where only what it says matters."""
        return _ALL if self.places is None else _filled(cells, self.places)


_ALL = -1


def _filled(cells: Sequence[str], places: Sequence[int | None]) -> int:
    filled = 0
    for bit, place in enumerate(places):
        if place is not None and place < len(cells) and cells[place]:
            filled |= 1 << bit
    return filled


def _places(older: AnyManifest, newer: AnyManifest) -> list[int | None]:
    of_newer = {same_name_key(column.name): place for place, column in enumerate(newer.columns, start=1)}
    return [of_newer.get(same_name_key(column.name)) for column in older.columns]


def person_of(contact: str) -> int:
    """64 bits; they hold for this process only."""
    return hash(contact.casefold())


def _keeps_anybody(manifest: AnyManifest) -> bool:
    return any(chunk.action is not Action.UNSUBSCRIBE for chunk in manifest.chunks)


def newer_as_seen(older: AnyManifest, newer: AnyManifest) -> Newer:
    destination = newer.destination
    # A file that keeps nobody is no picture of an audience.
    mirrors = destination.channel is not Channel.SFTP and destination.mode is Mode.MIRROR and _keeps_anybody(newer)
    if destination.channel is not Channel.EMAIL or older.destination.channel is not Channel.EMAIL:
        return Newer(same_audience=True, names_all=mirrors)
    groups = same_name_key(older.destination.profile_field_group), same_name_key(destination.profile_field_group)
    same = groups[0] == groups[1] and same_name_key(older.audience) == same_name_key(newer.audience)
    return Newer(same_audience=same, names_all=mirrors)
