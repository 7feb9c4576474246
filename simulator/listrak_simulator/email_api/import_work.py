"""Applies an import to its list, a batch of rows at a time."""

from collections import deque
from collections.abc import Sequence
from io import BytesIO
from itertools import compress
from typing import cast

from listrak_simulator import clock
from listrak_simulator.email_api.account import EmailList, ProfileField
from listrak_simulator.email_api.addresses import is_valid
from listrak_simulator.email_api.contacts import ContactTable, State
from listrak_simulator.email_api.import_file import Columns, read_batches
from listrak_simulator.email_api.import_request import ImportRequest
from listrak_simulator.email_api.imports import ListImport, RowResult
from listrak_simulator.email_api.profile_values import ColumnReader
from listrak_simulator.email_api.subscription_rules import Outcome, rules_for
from listrak_simulator.settings import Settings

_METHOD = "List Import"
_NO_ROW = -1


class FileImport:
    """One import's work. Runs in a thread; takes the list's lock for each batch, so that calls get their turn."""

    def __init__(self, job: ListImport, request: ImportRequest, target: EmailList, settings: Settings) -> None:
        self._job = job
        self._settings = settings
        self._request = request
        self._list = target
        self._rules = rules_for(request)
        self._writes_profile = any(outcome.writes_profile for outcome in self._rules.values())
        self._blocked = _blocked_addresses(target) if request.import_type != "RemoveSubscribers" else {}
        known = target.fields()
        self._readers = [
            (mapped, ColumnReader(known[mapped.field_id], mapped.default))
            for mapped in (request.fields if self._writes_profile else ())
        ]

    def run(self, file: BytesIO) -> None:
        """Raises csv.Error where the text cannot be read; batches before that stay applied."""
        for columns in read_batches(file, self._request):
            with self._list.lock:
                self._apply(columns)

    def _apply(self, columns: Columns) -> None:
        values, refused = self._read_profile(columns)
        given = list(map(str.strip, columns[self._request.email_column]))
        before = len(self._list.contacts)
        if self._settings.contact_lag_seconds:
            self._list.unseen.note_addresses(given)
        results, rows = self._settle(given, refused)
        if self._writes_profile:
            all_new = len(self._list.contacts) - before == len(rows)
            for field_id, cells in values:
                column = self._list.contacts.column(field_id)
                if all_new:
                    column[before:] = cells
                else:
                    write_column(column, rows, cells, self._request.update_type)
        self._keep_external_ids(columns, rows)
        self._add_rows(given, results)

    def _add_rows(self, given: list[str], results: bytes) -> None:
        if RowResult.UNKNOWN in results:
            if self._settings.import_unknown_rows == "left_out":
                kept = [result != RowResult.UNKNOWN for result in results]
                given, results = list(compress(given, kept)), bytes(compress(results, kept))
            results = results.replace(bytes([RowResult.UNKNOWN]), bytes([RowResult.SKIPPED]))
        self._job.add_rows(given, results)

    def _read_profile(self, columns: Columns) -> tuple[list[tuple[int, Sequence[str]]], set[int]]:
        """The stored values by field, and the positions of rows that hold a value their field does not take."""
        values: list[tuple[int, Sequence[str]]] = []
        refused: set[int] = set()
        for mapped, reader in self._readers:
            cells, bad = reader.read(columns[mapped.column])
            values.append((mapped.field_id, cells))
            refused.update(bad)
        return values, refused

    def _settle(self, given: Sequence[str], refused: set[int]) -> tuple[bytes, Sequence[int]]:
        """A RowResult per row, and the contact whose profile the row fills (or -1)."""
        keys = list(map(str.lower, given))
        found = list(map(self._list.contacts.find_lower, keys))
        if not refused and self._blocked.keys().isdisjoint(keys):
            outcome = self._outcome_of_all(given, keys, found)
            if outcome is not None:
                rows = self._add_all(given, keys) if outcome.adds else cast("list[int]", found)
                nobody = [_NO_ROW] * len(rows)
                return bytes([outcome.result]) * len(rows), rows if outcome.writes_profile else nobody
        return self._settle_one_by_one(given, keys, found, refused)

    def _outcome_of_all(self, given: Sequence[str], keys: list[str], found: list[int | None]) -> Outcome | None:
        """The one outcome that all rows have, none of them refused or blocked, and none changed by another's; None
        where they must be looked at one by one. Most batches of large files are alike, and cost a tenth then."""
        absent = found.count(None)
        if not absent:
            first, *others = set(map(self._list.contacts.states.__getitem__, cast("list[int]", found)))
            outcome = self._rules[first]
            return None if others or outcome.removes else outcome
        outcome = self._rules[State.ABSENT]
        all_new = absent == len(keys) == len(set(keys))
        return outcome if all_new and outcome.adds and all(map(is_valid, given)) else None

    def _add_all(self, given: Sequence[str], keys: list[str]) -> Sequence[int]:
        before = len(self._list.contacts)
        self._list.contacts.add_subscribed(dict(zip(keys, given, strict=True)), _METHOD, clock.now())
        return range(before, before + len(keys))

    def _settle_one_by_one(
        self, given: Sequence[str], keys: list[str], found: list[int | None], refused: set[int]
    ) -> tuple[bytes, Sequence[int]]:
        contacts, rules, blocked = self._list.contacts, self._rules, self._blocked
        states, if_absent = contacts.states, rules[State.ABSENT]
        if_just_added = rules[State.SUBSCRIBED]
        moment = clock.now()
        results, rows = bytearray(len(given)), [_NO_ROW] * len(given)
        added: dict[str, str] = {}  # addresses by their lower-case form; they get the rows after the last one, in order
        added_rows: dict[str, int] = {}
        for position, (address, key) in enumerate(zip(given, keys, strict=True)):
            row = found[position]
            if row is None and not is_valid(address):
                results[position] = RowResult.INVALID
                continue
            if key in blocked:
                results[position] = blocked[key]
                continue
            if position in refused:
                results[position] = RowResult.SKIPPED
                continue
            if row is not None:
                outcome = rules[states[row]]
            elif key in added:
                outcome, row = if_just_added, added_rows[key]
            else:
                outcome = if_absent
            results[position] = outcome.result
            if outcome.adds:
                row = added_rows[key] = len(states) + len(added)
                added[key] = address
            elif outcome.removes and row is not None:
                contacts.unsubscribe(row, _METHOD, moment)
            if outcome.writes_profile and row is not None:
                rows[position] = row
        contacts.add_subscribed(added, _METHOD, moment)
        return bytes(results), rows

    def _keep_external_ids(self, columns: Columns, rows: Sequence[int]) -> None:
        if self._request.external_id_column is None:
            return
        for row, external_id in zip(rows, columns[self._request.external_id_column], strict=True):
            if row != _NO_ROW and external_id:
                self._list.contacts.external_ids[row] = external_id


def _blocked_addresses(target: EmailList) -> dict[str, RowResult]:
    suppressed = dict.fromkeys(target.suppressed, RowResult.SUPPRESSED)
    return {**suppressed, **dict.fromkeys(target.banned, RowResult.BANNED)}


def write_column(column: list[str], rows: Sequence[int], cells: Sequence[str], update_type: str) -> None:
    """Put ``cells`` into the contacts' ``rows`` of a profile column.

    Update leaves a value alone where the cell is blank, Append also where there is one already, Overwrite never.
    """
    if update_type != "Append" and _NO_ROW not in rows and (update_type == "Overwrite" or "" not in cells):
        _fill(column, rows, cells)
        return
    if update_type == "Update":
        for row, cell in zip(rows, cells, strict=True):
            if cell and row >= 0:
                column[row] = cell
        return
    overwrites = update_type == "Overwrite"
    for row, cell in zip(rows, cells, strict=True):
        if row >= 0 and (overwrites or (cell and not column[row])):
            column[row] = cell


def _fill(column: list[str], rows: Sequence[int], cells: Sequence[str]) -> None:
    first, end = rows[0], rows[-1] + 1
    if end - first == len(rows) and list(rows) == list(range(first, end)):
        column[first:end] = cells
    else:
        deque(map(column.__setitem__, rows, cells), maxlen=0)


def clear_profile_field(job: ListImport, target: EmailList, field: ProfileField, settings: Settings) -> None:
    """Blank a field of all subscribed contacts and count each of them once."""
    with target.lock:
        contacts: ContactTable = target.contacts
        if settings.contact_lag_seconds:
            target.unseen.note_all()
        contacts.clear_column(field.field_id, State.SUBSCRIBED)
        cleared = [
            address
            for address, state in zip(contacts.addresses, contacts.states, strict=True)
            if state == State.SUBSCRIBED
        ]
        job.add_rows(cleared, bytes([RowResult.ALREADY_SUBSCRIBED]) * len(cleared))
