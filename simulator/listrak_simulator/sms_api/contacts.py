"""People by phone number: their profile, their place under a sender code, on its phone lists and among its opt-outs.

All moments are seconds since the epoch.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from types import MappingProxyType
from typing import Any

NO_VALUES: Mapping[int, str] = MappingProxyType({})

# Published for optOutReason.
OPT_OUT_REASONS = (
    "Campaign",
    "Admin",
    "DeliveryFailure",
    "Import",
    "API",
    "Deactivated",
    "PermanentError",
    "Workflow",
)


class State(IntEnum):
    """Of a subscription; the values are places in the setting ``sms_state_words``."""

    SUBSCRIBED = 0
    UNSUBSCRIBED = 1
    PENDING = 2
    """Waits for the answer to a double opt-in or age gate message."""


STATE_NAMES = {State.SUBSCRIBED: "Subscribed", State.UNSUBSCRIBED: "Unsubscribed", State.PENDING: "Pending"}


@dataclass(slots=True)
class Person:
    """What is known of a number across all sender codes."""

    number: str
    email: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    birthday: str | None = None
    """``1990-04-01T00:00:00``"""

    postal_code: str | None = None
    values: Mapping[int, str] = field(default_factory=lambda: NO_VALUES)
    """By profile field id. Replaced as a whole, never changed: imports write it from a thread of their own."""

    def write_values(self, values: Mapping[int, str]) -> None:
        """A blank clears the field."""
        if values:
            merged = {**self.values, **values}
            self.values = {field_id: value for field_id, value in merged.items() if value}


@dataclass(slots=True)
class Contact:
    """A person under one sender code."""

    person: Person
    created_at: float

    @property
    def number(self) -> str:
        return self.person.number


@dataclass(slots=True)
class Subscription:
    """A contact on one phone list."""

    contact: Contact
    state: State
    subscribed_at: float | None = None
    unsubscribed_at: float | None = None
    pending_at: float | None = None
    pending_double_opt_in: bool = False
    pending_age_gate: bool = False
    changed_at: float = 0.0
    state_before: State = State.UNSUBSCRIBED

    def seen(self, horizon: float) -> State:
        """The state for a reader who sees changes up to the horizon."""
        return self.state if self.changed_at <= horizon else self.state_before

    def subscribe(self, moment: float) -> None:
        self._change(moment)
        self.state, self.subscribed_at, self.unsubscribed_at = State.SUBSCRIBED, moment, None
        self._settle()

    def unsubscribe(self, moment: float) -> None:
        self._change(moment)
        self.state, self.unsubscribed_at = State.UNSUBSCRIBED, moment
        self._settle()

    def wait(self, moment: float, *, double_opt_in: bool, age_gate: bool) -> None:
        self._change(moment)
        self.state, self.pending_at = State.PENDING, moment
        self.pending_double_opt_in, self.pending_age_gate = double_opt_in, age_gate

    def _change(self, moment: float) -> None:
        self.changed_at, self.state_before = moment, self.state

    def _settle(self) -> None:
        self.pending_at, self.pending_double_opt_in, self.pending_age_gate = None, False, False


@dataclass(slots=True)
class OptOut:
    number: str
    reason: str
    opted_out_at: float
    lifted_at: float | None = None
    lifted_by: str | None = None
    """The call that lifted it: ``create`` or ``subscribe``."""

    def is_seen(self, horizon: float) -> bool:
        """Whether the number is opted out for a reader who sees changes up to the horizon."""
        return self.opted_out_at <= horizon and (self.lifted_at is None or self.lifted_at > horizon)


@dataclass
class OptOuts:
    """A sender code's opt-outs in the order in which they came; lifted ones stay, so that cursors keep their places."""

    entries: list[OptOut] = field(default_factory=list)
    _current: dict[str, OptOut] = field(default_factory=dict)

    def __contains__(self, number: object) -> bool:
        return number in self._current

    def seen(self, number: str, horizon: float) -> OptOut | None:
        """The number's opt-out, as far as there is one for a reader who sees changes up to the horizon."""
        if horizon == math.inf:
            return self._current.get(number)
        return next((each for each in reversed(self.entries) if each.number == number and each.is_seen(horizon)), None)

    def __len__(self) -> int:
        """How many numbers are opted out now."""
        return len(self._current)

    def get(self, number: str) -> OptOut | None:
        return self._current.get(number)

    def add(self, number: str, reason: str, moment: float) -> None:
        """Does nothing for a number that is opted out already."""
        if number not in self._current:
            self._current[number] = OptOut(number, reason, moment)
            self.entries.append(self._current[number])

    def lift(self, number: str, moment: float, call: str) -> None:
        lifted = self._current.pop(number, None)
        if lifted is not None:
            lifted.lifted_at, lifted.lifted_by = moment, call

    def lifted(self) -> list[OptOut]:
        return [entry for entry in self.entries if entry.lifted_at is not None]


SYSTEM_FIELDS: dict[str, str] = {
    "emailAddress": "email",
    "firstName": "first_name",
    "lastName": "last_name",
    "birthday": "birthday",
    "postalCode": "postal_code",
}
"""The published names and those of Person."""


def system_fields(person: Person) -> dict[str, Any]:
    return {published: getattr(person, own) for published, own in SYSTEM_FIELDS.items()}
