"""Applies an import to its list, a batch of rows at a time."""

from collections.abc import Sequence
from io import BytesIO

from listrak_simulator import clock
from listrak_simulator.email_api.account import EmailList, ProfileField
from listrak_simulator.email_api.addresses import is_valid
from listrak_simulator.email_api.contacts import ContactTable, State
from listrak_simulator.email_api.import_file import Columns, read_batches
from listrak_simulator.email_api.import_request import ImportRequest
from listrak_simulator.email_api.imports import ListImport, RowResult
from listrak_simulator.email_api.profile_values import ColumnReader
from listrak_simulator.email_api.subscription_rules import rules_for

_METHOD = "List Import"
_NO_ROW = -1


class FileImport:
    """One import's work. Runs in a thread; takes the list's lock for each batch, so that calls get their turn."""

    def __init__(self, job: ListImport, request: ImportRequest, target: EmailList) -> None:
        self._job = job
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
        self._job.addresses.extend(given)
        self._job.results.extend(results)

    def _read_profile(self, columns: Columns) -> tuple[list[tuple[int, list[str]]], set[int]]:
        """The stored values by field, and the positions of rows that hold a value their field does not take."""
        values: list[tuple[int, list[str]]] = []
        refused: set[int] = set()
        for mapped, reader in self._readers:
            cells, bad = reader.read(columns[mapped.column])
            values.append((mapped.field_id, cells))
            refused.update(bad)
        return values, refused

    def _settle(self, given: Sequence[str], refused: set[int]) -> tuple[bytearray, list[int]]:
        """A RowResult per row, and the contact whose profile the row fills (or -1)."""
        contacts, rules, blocked = self._list.contacts, self._rules, self._blocked
        find, states, if_absent = contacts.find_lower, contacts.states, rules[State.ABSENT]
        if_just_added = rules[State.SUBSCRIBED]
        moment = clock.now()
        results, rows = bytearray(len(given)), [_NO_ROW] * len(given)
        added: dict[str, str] = {}  # addresses by their lower-case form; they get the rows after the last one, in order
        added_rows: dict[str, int] = {}
        for position, address in enumerate(given):
            key = address.lower()
            row = find(key)
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
        return results, rows

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
    if update_type == "Update":
        for row, cell in zip(rows, cells, strict=True):
            if cell and row >= 0:
                column[row] = cell
        return
    overwrites = update_type == "Overwrite"
    for row, cell in zip(rows, cells, strict=True):
        if row >= 0 and (overwrites or (cell and not column[row])):
            column[row] = cell


def clear_profile_field(job: ListImport, target: EmailList, field: ProfileField) -> None:
    """Blank a field of all subscribed contacts and count each of them once."""
    with target.lock:
        contacts: ContactTable = target.contacts
        contacts.clear_column(field.field_id, State.SUBSCRIBED)
        cleared = [
            address
            for address, state in zip(contacts.addresses, contacts.states, strict=True)
            if state == State.SUBSCRIBED
        ]
        job.addresses.extend(cleared)
        job.results.extend(bytes([RowResult.ALREADY_SUBSCRIBED]) * len(cleared))
