"""The rows of an SMS chunk with what is to be done for each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from listrak_relay.domain.delivery import sms_results as ends
from listrak_relay.domain.delivery.sms_plan import SmsPlan
from listrak_relay.domain.delivery.sms_steps import Step
from listrak_relay.domain.destinations.data_template import ColumnRole
from listrak_relay.domain.run import work_keys as keys
from listrak_relay.domain.run.manifest import Action, Chunk, SmsManifest
from listrak_relay.domain.run.rejects import Reject, RejectOutcome
from listrak_relay.domain.run.row_ends import End, RowEnd
from listrak_relay.ports.storage import ObjectStore
from listrak_relay.use_cases.runs.chunk_rows import ChunkRow, checked_rows, dropped_record, final_answer, read_chunk
from listrak_relay.use_cases.runs.progress import Progress

WITHOUT_CALLS = {
    Step.NOTHING: ends.ALREADY_RIGHT,
    Step.OPTED_OUT: ends.OPTED_OUT,
    Step.NOT_ON_LIST: ends.NOT_ON_LIST,
}


@dataclass(frozen=True, slots=True, repr=False)
class SmsRow:
    """``position`` in the chunk, from 0. ``values``: in the order of the manifest's columns."""

    position: int
    row: int
    number: str
    values: tuple[str, ...]
    step: Step


@dataclass(frozen=True, slots=True)
class SmsRows:
    """One chunk. ``verdicts``: what newer runs have left of each row, empty if every row goes as it is."""

    store: ObjectStore
    manifest: SmsManifest
    plan: SmsPlan
    chunk: Chunk
    verdicts: str = ""

    def each(self) -> Iterator[SmsRow | Reject]:
        """In the order of the chunk; a `Reject` is a row with a value that cannot be sent."""
        rows = checked_rows(self.store, self.manifest, self.plan.fields, self.chunk, self.verdicts)
        for position, (row, step) in enumerate(zip(rows, self._steps(), strict=True)):
            yield SmsRow(position, row.row, row.contact, row.values, step) if isinstance(row, ChunkRow) else row

    def calls(self, progress: Progress) -> Iterator[SmsRow]:
        """Rows that take a call and have not had it."""
        for row in self.each():
            if isinstance(row, SmsRow) and row.step not in WITHOUT_CALLS and row.position not in progress.rows:
                yield row

    def ends(self, progress: Progress) -> Iterator[tuple[SmsRow | Reject, RowEnd]]:
        """How every row of the chunk is counted, when all have ended."""
        keeping = self.chunk.action is Action.KEEP
        for row, end in self._ended(progress):
            kept = keeping and isinstance(row, SmsRow) and end.end in (End.ACCEPTED, End.SKIPPED)
            yield row, ends.NOT_ASKED if kept else end

    def _ended(self, progress: Progress) -> Iterator[tuple[SmsRow | Reject, RowEnd]]:
        for row in self.each():
            if isinstance(row, Reject):
                yield row, RowEnd(End(row.outcome.value), row.reason)
            else:
                yield row, WITHOUT_CALLS.get(row.step) or progress.rows[row.position]

    def turned_away(self, progress: Progress) -> Iterator[Reject]:
        """Lines for the rejects file."""
        records = read_chunk(self.store, self.chunk)
        for (row, end), (number, cells) in zip(self.ends(progress), records, strict=True):
            if isinstance(row, Reject):
                yield row
            elif end.end is not End.ACCEPTED:
                detail = ends.EXPLANATIONS.get(end.reason) or final_answer(end.words)
                record = dropped_record(self.manifest.columns, cells)
                yield Reject(number, RejectOutcome(end.end.value), end.reason, "", detail, record)

    def with_values(self, progress: Progress) -> Iterator[list[str]]:
        """Lines for the import: number and the values of the columns with a profile field, where there are any."""
        places = self.field_places()
        if self.chunk.action is Action.UNSUBSCRIBE or not places:
            return
        for row, end in self._ended(progress):
            if isinstance(row, SmsRow) and end.end is End.ACCEPTED:
                values = [row.values[place] for place in places]
                if any(values):
                    yield [row.number, *values]

    def field_places(self) -> list[int]:
        """Places of the columns that an import takes."""
        return [place for place, field in enumerate(self.plan.fields) if field and field.field_id]

    def facts(self, row: SmsRow) -> Mapping[str, str]:
        """What the creation of a contact takes besides the number."""
        columns = zip(self.manifest.columns, row.values, strict=False)
        known = {column.role.value: value for column, value in columns if column.role is not ColumnRole.FIELD and value}
        if birthday := known.get(ColumnRole.BIRTHDAY.value):
            month, day, year = birthday.split("/")
            known[ColumnRole.BIRTHDAY.value] = f"{year}-{month}-{day}"
        return known

    def removals(self) -> list[str]:
        """Numbers that a mirror run takes off the list along with this chunk."""
        if not self.plan.removals:
            return []
        try:
            with self.store.open(keys.removals_key(self.manifest.run_id, self.chunk.chunk_id)) as body:
                return str(body.read(), "ascii").splitlines()
        except FileNotFoundError:
            return []

    def _steps(self) -> Iterator[Step]:
        with self.store.open(keys.steps_key(self.manifest.run_id, self.chunk.chunk_id)) as body:
            yield from map(Step, str(body.read(), "ascii"))
