"""What the email use cases need of Listrak."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO, Protocol

from listrak_relay.domain.opt_outs.opt_out import OptOut
from listrak_relay.domain.run.manifest import Action
from listrak_relay.ports.listrak_imports import ImportStatus

CALLS_AT_ONCE = 8
"""Of one function, where a channel has no setting for it; so many connections are kept open."""


@dataclass(frozen=True, slots=True)
class ListrakList:
    """A list as Listrak tells it.

    ``list_id``: Listrak's.
    ``name``: as people see it; the way in which a destination names its list.
    """

    list_id: int
    name: str


@dataclass(frozen=True, slots=True)
class ProfileFieldGroup:
    """A group of profile fields of a list.

    ``group_id``: Listrak's.
    ``name``: as people see it.
    ``position``: its place among the groups of the list, from 1.
    """

    group_id: int
    name: str
    position: int


@dataclass(frozen=True, slots=True)
class ProfileField:
    """``data_type`` in Listrak's words; ``max_length`` in characters, 0 where Listrak gives none."""

    field_id: int
    group_id: int
    name: str
    data_type: str
    max_length: int
    position: int


@dataclass(frozen=True, slots=True)
class ImportOrder:
    """One list import. ``field_ids``: profile field of column 1, 2, … of the file; column 0 is the email address.

    ``file_name`` is unique to run and chunk: by it a lost answer is settled. ``include_unsubscribed``: an update gives
    values to unsubscribed contacts too.
    """

    file_name: str
    action: Action
    field_ids: tuple[int, ...]
    trigger_journey: bool = False
    include_unsubscribed: bool = False


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """Listrak's counts of the contacts of an import, by what became of them; ``processed``: their sum."""

    subscribed: int = 0
    already_subscribed: int = 0
    unsubscribed: int = 0
    already_unsubscribed: int = 0
    previously_unsubscribed: int = 0
    banned: int = 0
    invalid: int = 0
    suppressed: int = 0
    skipped: int = 0
    processed: int = 0


@dataclass(frozen=True, slots=True)
class Contact:
    """``subscribed``: None where Listrak says neither yes nor no. ``values``: profile field id → value, for the fields
    asked for."""

    email: str
    subscribed: bool | None
    values: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class ContactPage:
    """Some contacts of a list.

    ``contacts``: of this page.
    ``next_cursor``: for the page behind it; None: there is none.
    """

    contacts: tuple[Contact, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class ResultPage:
    """Some of what became of the contacts of an import.

    ``results``: (email address, Listrak's result word).
    ``next_cursor``: for the page behind it; None: there is none.
    """

    results: tuple[tuple[str, str], ...]
    next_cursor: str | None


class EmailGateway(Protocol):
    """Listrak's Email API for one integration.

    Every method raises RetryableError (nothing happened, or asking again is safe), ConfigurationError (credentials or
    ids refused) and, if it changes something, OutcomeUnknownError (sent, no usable answer).
    """

    def lists(self) -> list[ListrakList]:
        """All lists of the account."""
        ...

    def groups(self, list_id: int) -> list[ProfileFieldGroup]:
        """The profile field groups of a list."""
        ...

    def create_group(self, list_id: int, name: str, position: int) -> int:
        """Make a profile field group; its id. ``position``: its place among the groups, from 1."""
        ...

    def fields(self, list_id: int, group_id: int) -> list[ProfileField]:
        """The profile fields of a group."""
        ...

    def create_field(
        self, list_id: int, group_id: int, name: str, data_type: str, max_length: int, position: int
    ) -> int:
        """Make a profile field; its id. ``data_type`` as Listrak spells it, ``max_length`` in characters."""
        ...

    def contacts(self, list_id: int, field_id: int, cursor: str | None, *, unsubscribed: bool = False) -> ContactPage:
        """One page of subscribed contacts (at most 5,000), or of unsubscribed ones, with the value of one field; None
        starts."""
        ...

    def opt_out_pages(self, list_id: int, since: date, until: date) -> Iterator[list[OptOut]]:
        """Who is unsubscribed and became so on one of these days, or thereabouts: in which zone Listrak counts days is
        not known. At most 5,000 at a time; some come twice."""
        ...

    def start_import(self, list_id: int, order: ImportOrder, size: int, body: BinaryIO) -> int:
        """Send ``size`` bytes of CSV in constant memory; returns the import's id. Not safe to repeat."""
        ...

    def find_import(self, list_id: int, file_name: str, since: float) -> int | None:
        """The import with this file name begun at or after ``since`` (epoch seconds), if Listrak has it."""
        ...

    def import_status(self, list_id: int, import_id: int) -> ImportStatus:
        """How far Listrak is with an import."""
        ...

    def import_summary(self, list_id: int, import_id: int) -> ImportSummary:
        """Listrak's counts of an import that has ended."""
        ...

    def import_results(self, list_id: int, import_id: int, cursor: str | None = None) -> Iterator[ResultPage]:
        """What became of every contact of the import, page by page as they are used. ``cursor``: of the first page,
        None starts."""
        ...

    def contact(self, list_id: int, email: str) -> Contact | None:
        """None if the list does not know the address. Without profile values.

        Raises:
            ContactRefusedError: Listrak takes no such address in a route.
        """
        ...

    def save_contact(
        self,
        list_id: int,
        email: str,
        *,
        subscribed: bool | None,
        values: Mapping[int, str],
        override_unsubscribe: bool = False,
        event_ids: Sequence[int] = (),
        send_double_opt_in: bool = False,
    ) -> None:
        """Create or update one contact; ``subscribed`` None leaves the state. An empty value takes away the one that
        Listrak has. A repeat gives the same final state.

        Raises:
            ContactRefusedError: Listrak's final no.
        """
        ...


class EmailGateways(Protocol):
    """Gives the gateway of each integration with Listrak Email."""

    def for_secret(self, secret: str | None) -> EmailGateway:
        """The gateway that signs in with this secret; None is the channel's own."""
        ...
