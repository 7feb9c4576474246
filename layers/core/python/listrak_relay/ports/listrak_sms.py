"""What the SMS use cases need of Listrak."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO, Protocol

from listrak_relay.domain.opt_outs.opt_out import OptOut
from listrak_relay.ports.listrak_imports import ImportStatus


@dataclass(frozen=True, slots=True)
class SenderCode:
    """``code``: the number that texts come from. ``name``: of the merchant. ``country``: ISO 3166, may be empty."""

    sender_code_id: int
    code: str
    name: str
    country: str


@dataclass(frozen=True, slots=True)
class PhoneList:
    """``confirms``: a new subscription waits for the person's own answer (double opt-in or age gate)."""

    list_id: int
    name: str
    active: bool
    confirms: bool


@dataclass(frozen=True, slots=True)
class SmsField:
    """A profile field; ``data_type`` in Listrak's words, ``max_length`` in characters, 0 where Listrak gives none."""

    field_id: int
    name: str
    data_type: str
    max_length: int
    enabled: bool


@dataclass(frozen=True, slots=True, repr=False)
class NewContact:
    """``number`` in the form for Listrak. ``values``: facts by `ColumnRole` value, birthday as ``YYYY-MM-DD``."""

    number: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SmsImportOrder:
    """An update of contacts' profile fields; column 0 is the number, ``field_ids`` those of column 1, 2, …"""

    file_name: str
    field_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True, repr=False)
class NumberPage:
    """Some of the numbers of a long list, in Listrak's spelling.

    ``next_cursor``: for what comes behind them, None: nothing does. It may hold numbers.
    ``unreadable``: how many more there are whose numbers nobody can read.
    """

    numbers: tuple[str, ...]
    next_cursor: str | None
    unreadable: int = 0


@dataclass(frozen=True, slots=True, repr=False)
class OptOutPage:
    """Some of those who opted out of a sender code. ``next_cursor``: as of a `NumberPage`.

    ``nameless``: when others did of whom Listrak gives no number, so that nobody can tell who they are.
    """

    opt_outs: tuple[OptOut, ...]
    next_cursor: str | None
    nameless: tuple[str, ...] = ()

    @property
    def numbers(self) -> tuple[str, ...]:
        """In Listrak's spelling."""
        return tuple(one.contact for one in self.opt_outs)


class SmsAnswer(StrEnum):
    """DONE: it was done. ALREADY: it was so before. PENDING: the list waits for the person's own answer. KNOWN: the
    sender code has the contact, so it is to be subscribed, not created. UNKNOWN: it does not have it."""

    DONE = "done"
    ALREADY = "already"
    PENDING = "pending"
    KNOWN = "known"
    UNKNOWN = "unknown"


class SmsGateway(Protocol):
    """Listrak's SMS API for one integration; every call may be repeated, since it says what is to be.

    Every method raises RetryableError (asking again is safe) and ConfigurationError (credentials or ids refused, the
    list inactive, the sender code disabled); those about one contact raise ContactRefusedError, Listrak's final no.
    """

    def sender_codes(self) -> list[SenderCode]:
        """All sender codes of the account."""
        ...

    def phone_lists(self, sender_code_id: int) -> list[PhoneList]:
        """Inactive ones too."""
        ...

    def fields(self, sender_code_id: int) -> list[SmsField]:
        """The profile fields of a sender code; none can be made by the API."""
        ...

    def list_pages(self, sender_code_id: int, list_id: int, cursor: str | None = None) -> Iterator[NumberPage]:
        """Numbers on the list that have not opted out, at most 5,000 at a time. ``cursor``: where it goes on, None
        starts."""
        ...

    def opt_out_pages(
        self, sender_code_id: int, since: float | None = None, cursor: str | None = None
    ) -> Iterator[OptOutPage]:
        """Who opted out of the sender code, ``since`` a moment (epoch seconds) or ever; some come twice.
        ``cursor``: where it goes on, None starts.

        Raises ConfigurationError ``opt_outs_unreadable`` where no asking brings out all of them; what came before it
        holds. One whose end was not reached says nothing of those who were not in it.
        """
        ...

    def opted_out(self, sender_code_id: int, number: str) -> bool | None:
        """None: the sender code does not know the number."""
        ...

    def left_list_at(self, sender_code_id: int, list_id: int, number: str) -> float | None:
        """When the contact was unsubscribed from the list (epoch seconds by our clock), None for who is on it or never
        was."""
        ...

    def create(self, sender_code_id: int, list_id: int, contact: NewContact) -> SmsAnswer:
        """Create and subscribe: DONE, ALREADY, PENDING or KNOWN."""
        ...

    def subscribe(self, sender_code_id: int, list_id: int, number: str) -> SmsAnswer:
        """DONE, ALREADY, PENDING or UNKNOWN. May lift an opt-out: what Listrak does there is not documented."""
        ...

    def unsubscribe(self, sender_code_id: int, list_id: int, number: str) -> SmsAnswer:
        """DONE, ALREADY or UNKNOWN."""
        ...

    def start_import(self, sender_code_id: int, order: SmsImportOrder, size: int, body: BinaryIO) -> int:
        """Send ``size`` bytes of CSV; returns the import's id. Raises OutcomeUnknownError too."""
        ...

    def import_status(self, sender_code_id: int, import_id: int) -> ImportStatus:
        """How far Listrak is with an import."""
        ...


class SmsGateways(Protocol):
    """Gives the gateway of each integration with Listrak SMS."""

    def for_secret(self, secret: str | None) -> SmsGateway:
        """The gateway that signs in with this secret; None is the channel's own."""
        ...
