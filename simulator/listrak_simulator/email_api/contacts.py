"""The contacts of one list, held by column: a million of them with eight values each fit in a few hundred megabytes."""

import hashlib
from array import array
from collections.abc import Callable, Iterable, Mapping
from enum import IntEnum
from itertools import repeat
from typing import Any

from listrak_simulator import clock

_ROW_BITS = 32


class State(IntEnum):
    ABSENT = 0
    SUBSCRIBED = 1
    UNSUBSCRIBED = 2
    PENDING = 3
    """Waits for the answer to a double opt-in email."""


STATE_WORDS: dict[int, str] = {
    State.SUBSCRIBED: "Subscribed",
    State.UNSUBSCRIBED: "Unsubscribed",
    State.PENDING: "Pending",
}


class ContactTable:
    """Contacts are numbered by row from 0 and never leave. Not safe for two writers: hold the list's lock."""

    def __init__(self, list_id: int) -> None:
        self._list_id = list_id
        self._rows: dict[str, int] = {}
        self._subscribed_at = array("d")
        self._subscribe_methods: list[str] = []
        self._resubscribed_at: dict[int, float] = {}
        self._unsubscribed_at: dict[int, float] = {}
        self._unsubscribe_methods: dict[int, str] = {}
        self._columns: dict[int, list[str]] = {}
        self.external_ids: dict[int, str] = {}
        self.addresses: list[str] = []
        self.states = bytearray()
        """A State per row; the last to grow, so a reader goes by its length."""

    def __len__(self) -> int:
        return len(self.states)

    def count(self, state: int) -> int:
        return self.states.count(state)

    def find(self, address: str) -> int | None:
        """The row of an address, without regard to case."""
        return self._rows.get(address.lower())

    @property
    def find_lower(self) -> Callable[[str], int | None]:
        """``find`` for addresses already in lower case, without the cost of a call in between."""
        return self._rows.get

    def add(self, address: str, method: str, moment: float, state: State = State.SUBSCRIBED) -> int:
        row = len(self.states)
        key = address.lower()
        self._rows[address if key == address else key] = row
        self.addresses.append(address)
        self._subscribed_at.append(moment)
        self._subscribe_methods.append(method)
        self.states.append(state)
        return row

    def add_subscribed(self, addresses: Mapping[str, str], method: str, moment: float) -> None:
        """Append many new contacts at once; ``addresses`` by their lower-case form."""
        before = len(self.states)
        self._rows.update(zip(addresses, range(before, before + len(addresses)), strict=True))
        self.addresses.extend(addresses.values())
        self._subscribed_at.extend(repeat(moment, len(addresses)))
        self._subscribe_methods.extend(repeat(method, len(addresses)))
        self.states.extend(repeat(State.SUBSCRIBED, len(addresses)))

    def unsubscribe(self, row: int, method: str, moment: float) -> None:
        self.states[row] = State.UNSUBSCRIBED
        self._unsubscribed_at[row] = moment
        self._unsubscribe_methods[row] = method

    def resubscribe(self, row: int, method: str, moment: float) -> None:
        self.states[row] = State.SUBSCRIBED
        self._resubscribed_at[row] = moment
        self._subscribe_methods[row] = method
        self._unsubscribed_at.pop(row, None)
        self._unsubscribe_methods.pop(row, None)

    def column(self, field_id: int) -> list[str]:
        """One value per row, ``""`` where the contact has none."""
        values = self._columns.setdefault(field_id, [])
        values.extend([""] * (len(self.states) - len(values)))
        return values

    def value(self, row: int, field_id: int) -> str:
        values = self._columns.get(field_id, ())
        return values[row] if row < len(values) else ""

    def values(self, row: int) -> dict[int, str]:
        """Those that the contact has, by field id."""
        return {field_id: value for field_id in self._columns if (value := self.value(row, field_id))}

    def filled(self, field_id: int) -> int:
        """How many contacts have a value."""
        values = self._columns.get(field_id, [])
        return len(values) - values.count("")

    def clear_column(self, field_id: int, state: State) -> None:
        """Blank the field of every contact in ``state``."""
        values = self.column(field_id)
        self._columns[field_id] = [
            "" if held == state else value for held, value in zip(self.states, values, strict=True)
        ]

    def page(
        self, state: State, start: int, count: int, wanted: Callable[[int], bool] | None = None
    ) -> tuple[list[int], int | None]:
        """Up to ``count`` rows in ``state`` from row ``start`` on, and where the next page starts."""
        rows: list[int] = []
        row = self.states.find(state, start)
        while row >= 0 and len(rows) < count:
            if wanted is None or wanted(row):
                rows.append(row)
            row = self.states.find(state, row + 1)
        return rows, row if row >= 0 else None

    def search(self, text: str) -> list[int]:
        """Rows whose address holds ``text``."""
        wanted = text.lower()
        return [row for row, address in enumerate(self.addresses) if wanted in address.lower()]

    def email_key(self, row: int) -> str:
        return f"{self._list_id << _ROW_BITS | row:016X}"

    def find_email_key(self, key: str) -> int | None:
        """The row that ``email_key`` gave this key for."""
        try:
            number = int(key, 16)
        except ValueError:
            return None
        row = number & ((1 << _ROW_BITS) - 1)
        return row if row < len(self) and self.email_key(row) == key.upper() else None

    def subscribed_at(self, row: int) -> float:
        return self._subscribed_at[row]

    def resubscribed_at(self, row: int) -> float | None:
        return self._resubscribed_at.get(row)

    def unsubscribed_at(self, row: int) -> float | None:
        return self._unsubscribed_at.get(row)

    def describe(self, rows: Iterable[int], fields: Iterable[tuple[int, int]]) -> list[dict[str, Any]]:
        """The published Contact for each row; ``fields`` are pairs of group id and field id.

        Fields without a value are left out.
        """
        columns = [(group_id, field_id, self._columns.get(field_id, [])) for group_id, field_id in fields]
        return [self._describe_one(row, columns) for row in rows]

    def _describe_one(self, row: int, columns: list[tuple[int, int, list[str]]]) -> dict[str, Any]:
        address = self.addresses[row]
        return {
            "emailAddress": address,
            "emailKey": self.email_key(row),
            "universalEmailKey": hashlib.sha256(address.lower().encode()).hexdigest(),
            "subscriptionState": STATE_WORDS[self.states[row]],
            "subscribeDate": clock.as_api_date(self._subscribed_at[row]),
            "resubscribeDate": clock.as_api_date(self._resubscribed_at.get(row)),
            "subscribeMethod": self._subscribe_methods[row],
            "unsubscribeDate": clock.as_api_date(self._unsubscribed_at.get(row)),
            "unsubscribeMethod": self._unsubscribe_methods.get(row),
            "externalContactID": self.external_ids.get(row),
            "segmentationFieldValues": [
                {"segmentationFieldGroupId": group_id, "segmentationFieldId": field_id, "value": column[row]}
                for group_id, field_id, column in columns
                if row < len(column) and column[row]
            ],
        }
