"""Changes of contacts that readers do not see yet: the setting ``contact_lag_seconds``."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from listrak_simulator import clock
from listrak_simulator.email_api.contacts import ContactTable, State


@dataclass(frozen=True)
class _Before:
    """A contact as it was before a change; described without profile values, which stand by field id."""

    changed_at: float
    state: State
    described: dict[str, Any]
    values: dict[int, str]

    def describe(self, fields: Sequence[tuple[int, int]]) -> dict[str, Any]:
        values = [
            {"segmentationFieldGroupId": group_id, "segmentationFieldId": field_id, "value": self.values[field_id]}
            for group_id, field_id in fields
            if field_id in self.values
        ]
        return {**self.described, "segmentationFieldValues": values}


class UnseenChanges:
    """Keeps what was, for as long as readers are to see it. Of several changes within the lag the first one counts."""

    def __init__(self, contacts: ContactTable) -> None:
        self._contacts = contacts
        self._before: dict[str, _Before] = {}
        """By address in lower case."""

    def note_addresses(self, addresses: Iterable[str]) -> None:
        """They are about to be changed or made."""
        for address in addresses:
            if address.lower() not in self._before:
                self._before[address.lower()] = self._as_it_is(address)

    def note_all(self) -> None:
        self.note_addresses(self._contacts.addresses)

    def _as_it_is(self, address: str) -> _Before:
        row = self._contacts.find(address)
        if row is None:
            return _Before(clock.now(), State.ABSENT, {}, {})
        [described] = self._contacts.describe([row], ())
        return _Before(clock.now(), State(self._contacts.states[row]), described, self._contacts.values(row))

    def as_seen(self, horizon: float) -> "SeenContacts":
        """The contacts as a reader sees them who sees changes up to the horizon, in seconds since the epoch."""
        self._before = {key: was for key, was in self._before.items() if was.changed_at > horizon}
        return SeenContacts(self._contacts, self._before)


class SeenContacts:
    """The part of `ContactTable` that reads need, some rows of it as they were."""

    def __init__(self, contacts: ContactTable, before: dict[str, _Before]) -> None:
        self._contacts = contacts
        self._before = {row: was for key, was in before.items() if (row := contacts.find(key)) is not None}

    def find(self, identifier: str) -> int | None:
        """The row of a contact by its address or email key, if readers may see it."""
        row = self._contacts.find(identifier)
        if row is None:
            row = self._contacts.find_email_key(identifier)
        return None if row is None or self.state(row) in {State.ABSENT, State.PENDING} else row

    def state(self, row: int) -> int:
        was = self._before.get(row)
        return was.state if was else self._contacts.states[row]

    def page(
        self, state: State, start: int, count: int, wanted: Callable[[int], bool] | None
    ) -> tuple[list[int], int | None]:
        if not self._before:
            return self._contacts.page(state, start, count, wanted)
        found = (
            row
            for row in range(start, len(self._contacts))
            if self.state(row) == state and (wanted is None or wanted(row))
        )
        return list(islice(found, count)), next(found, None)

    def describe(self, rows: Sequence[int], fields: Sequence[tuple[int, int]]) -> list[dict[str, Any]]:
        described = self._contacts.describe(rows, fields)
        for position, row in enumerate(rows):
            if row in self._before:
                described[position] = self._before[row].describe(fields)
        return described
