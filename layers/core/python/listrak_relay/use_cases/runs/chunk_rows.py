"""Reading the rows of a chunk, each value checked against the profile field it goes to."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat

from listrak_relay.domain.columns.conform import Check, Misfit, check_for
from listrak_relay.domain.delivery.plans import TargetField
from listrak_relay.domain.destinations.choices import Channel
from listrak_relay.domain.destinations.destinations import Destination
from listrak_relay.domain.lanes.verdicts import DETAILS, REASONS, Verdict
from listrak_relay.domain.run.manifest import CLEARED, Action, Chunk, Form, ProfileColumn, RunManifest
from listrak_relay.domain.run.rejects import Reject, RejectOutcome
from listrak_relay.domain.values.csv_lines import csv_rows
from listrak_relay.domain.values.dates import UTC, iso_of_american
from listrak_relay.ports.storage import ObjectStore
from listrak_relay.use_cases.runs.chunk_content import changed, open_chunk, open_of_chunk


@dataclass(frozen=True, slots=True)
class ChunkRow:
    """``contact``: email address or phone number. ``values``: in the order of the manifest's columns, `CLEARED` where
    one is to be taken away. ``marked``: the audience's mark goes with it. ``cells``: of the chunk."""

    row: int
    contact: str
    values: tuple[str, ...]
    marked: bool = True
    cells: Sequence[str] = ()


def checks_of(manifest: RunManifest[Destination], fields: Sequence[TargetField | None]) -> dict[int, Check]:
    """Position among the profile columns → check, only for the columns that need one."""
    destination = manifest.destination
    # A feed's rows go as they are, and have no fields.
    zone = UTC if destination.channel is Channel.SFTP else destination.time_zone
    found: dict[int, Check] = {}
    for position, (column, field) in enumerate(zip(manifest.columns, fields, strict=True)):
        if field and (check := check_for(column, field.data_type, field.max_length, zone)):
            found[position] = check
    return found


def record_of(cells: Sequence[str]) -> str:
    """The row as one line of CSV."""
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(cells)
    return text.getvalue()


def dropped_record(columns: Sequence[ProfileColumn], cells: Sequence[str]) -> str:
    """A row of a chunk as it was dropped, as far as the chunk has it: the contact key and the profile columns."""
    values = [_as_dropped(column, value) for column, value in zip(columns, cells[1:], strict=False)]
    return record_of([*cells[:1], *values])


def _as_dropped(column: ProfileColumn, value: str) -> str:
    if value == CLEARED:
        return ""
    return iso_of_american(value) if value and column.form is Form.FROM_ISO else value


def final_answer(words: str) -> str:
    """The detail of a refused row. ``words``: what Listrak says besides its code, empty if nothing."""
    return f"Listrak's final answer{': ' if words else ''}{words}"


def read_chunk(store: ObjectStore, chunk: Chunk) -> Iterator[tuple[int, list[str]]]:
    """(source row number, cells) in file order, in constant memory.

    Raises:
        ConfigurationError: as `open_chunk`; the rows before were not of the chunk as it was written either.
    """
    with open_of_chunk(store, chunk, chunk.rows_key) as numbers:
        for cells in _cells(store, chunk):
            try:
                row = int(numbers.readline())
            except ValueError:
                raise changed(chunk) from None
            yield row, cells
        if numbers.read(1):
            raise changed(chunk)


def read_contacts(store: ObjectStore, chunk: Chunk) -> Iterator[str]:
    """The contact keys alone, in file order, in constant memory. Raises as `read_chunk`."""
    return (cells[0] for cells in _cells(store, chunk))


def _cells(store: ObjectStore, chunk: Chunk) -> Iterator[list[str]]:
    with open_chunk(store, chunk) as body, io.TextIOWrapper(body, encoding="utf-8", newline="") as text:
        try:
            for cells in csv_rows(text):
                if not cells:
                    raise changed(chunk)
                yield cells
        except (ValueError, csv.Error):
            # What ingest writes can always be read.
            raise changed(chunk) from None


def checked_rows(
    store: ObjectStore,
    manifest: RunManifest[Destination],
    fields: Sequence[TargetField | None],
    chunk: Chunk,
    verdicts: str = "",
) -> Iterator[ChunkRow | Reject]:
    """Each row in the form in which it is sent, or why it cannot or must not be. A column without a field is not looked
    at. ``verdicts``: a `Verdict` for each row, empty if every row goes as it is."""
    checks = {} if chunk.action is Action.UNSUBSCRIBE else checks_of(manifest, fields)
    columns = 0 if chunk.action is Action.UNSUBSCRIBE else len(manifest.columns)
    judged = map(Verdict, verdicts) if verdicts else repeat(Verdict.SEND, chunk.rows)
    for (row, cells), verdict in zip(read_chunk(store, chunk), judged, strict=True):
        contact, values = cells[0], cells[1 : 1 + columns]
        if len(values) != columns:
            raise changed(chunk)
        if reason := REASONS.get(verdict):
            yield Reject(
                row, RejectOutcome.SKIPPED, reason, "", DETAILS[reason], dropped_record(manifest.columns, cells)
            )
            continue
        if verdict in (Verdict.WITHOUT_VALUES, Verdict.BARE):
            values = [""] * columns
        misfit: tuple[int, Misfit] | None = None
        for position, check in checks.items():
            if values[position] == CLEARED:
                continue
            result = check(values[position])
            if isinstance(result, Misfit):
                misfit = (position, result)
                break
            values[position] = result
        if misfit:
            name, record = manifest.columns[misfit[0]].name, dropped_record(manifest.columns, cells)
            yield Reject(row, RejectOutcome.REJECTED, misfit[1].reason, name, misfit[1].detail, record)
        else:
            yield ChunkRow(row, contact, tuple(values), verdict not in (Verdict.WITHOUT_MARK, Verdict.BARE), cells)
