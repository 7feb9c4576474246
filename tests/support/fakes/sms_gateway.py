"""A small working Listrak SMS: one account, sender codes, phone lists, contacts, opt-outs, imports that end at once.

Where nothing is published it takes the choice that shows a careless caller up: creating or subscribing somebody who has
opted out lifts the opt-out, and is remembered in ``lifted``.
"""

from __future__ import annotations

import csv
import io
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from listrak_relay.domain.opt_outs.opt_out import OptOut
from listrak_relay.errors import CallFailedError, ConfigurationError, ContactRefusedError, RetryableError
from listrak_relay.ports.listrak_imports import ImportStatus
from listrak_relay.ports.listrak_sms import (
    NewContact,
    NumberPage,
    OptOutPage,
    PhoneList,
    SenderCode,
    SmsAnswer,
    SmsField,
    SmsImportOrder,
)
from tests.support.fakes.clock import FakeClock, written
from tests.support.fakes.script import Script

_NATIONAL = 10

SENDER_CODE_ID = 55
LIST_ID = 5501


@dataclass(slots=True)
class FakeSmsContact:
    """``state``: "subscribed", "pending" or "", on the one list. ``left_at``: when it was unsubscribed from it."""

    state: str = ""
    left_at: float | None = None
    facts: dict[str, str] = field(default_factory=dict)
    values: dict[int, str] = field(default_factory=dict)


@dataclass(slots=True)
class FakeSmsImport:
    order: SmsImportOrder
    lines: list[list[str]]
    failed: bool = False
    finished: bool = True


class FakeSmsGateway:
    """`ports.listrak_sms.SmsGateway`. Numbers are digits with country code inside; answers write them like that too.

    ``creations``: number → how often it was to be created. Every change of a number raises what ``failing`` has of it;
    ``unknowable``: numbers that cannot be asked about.
    Set up with ``contacts``, ``opted_out_numbers``, ``refusals`` and ``unsubscribe_refusals`` (number → code),
    ``sms_fields``, ``lists``; make calls fail with ``script`` or every n-th creation with ``throttle_every``.
    ``locates``: whether it finds a number that a path writes so. ``most_opt_outs``: it brings out no more of them.
    ``nameless``: when people opted out whose numbers it does not give.
    ``unreadable``: on the list, with a number that nobody can read.
    ``list_leads_round``: the last page names the first as the next.
    ``lists_leavers``: the list shows those too who have left it.
    """

    def __init__(self, clock: FakeClock | None = None, *, page_size: int = 5_000) -> None:
        self.clock = clock or FakeClock()
        self.script = Script()
        self.page_size = page_size
        self.codes = [SenderCode(SENDER_CODE_ID, "71755", "Example Outfitters", "US")]
        self.lists = [PhoneList(LIST_ID, "Master List", active=True, confirms=False)]
        self.sms_fields: list[SmsField] = []
        self.contacts: dict[str, FakeSmsContact] = {}
        self.opted_out_numbers: set[str] = set()
        self.opted_out_at: dict[str, float] = {}
        self.most_opt_outs = 1_000_000
        self.nameless: tuple[str, ...] = ()
        self.unreadable: set[str] = set()
        self.lists_leavers = False
        self.locates: Callable[[str], bool] = lambda _: True
        self.refusals: dict[str, str] = {}
        self.failing: dict[str, RetryableError] = {}
        self.unknowable: set[str] = set()
        self.creations: Counter[str] = Counter()
        self.unsubscribe_refusals: dict[str, str] = {}
        self.lifted: list[str] = []
        self.imports: dict[int, FakeSmsImport] = {}
        self.imports_fail = False
        self.imports_wait = False
        self.throttle_every = 0
        self.list_leads_round = False
        self._created = 0
        self._lock = threading.RLock()

    # --- set up and look ---------------------------------------------------------------------------------------------

    def add(self, number: str, state: str = "subscribed") -> None:
        self.contacts[number] = FakeSmsContact(state)

    def subscribed(self) -> list[str]:
        return sorted(number for number, contact in self.contacts.items() if contact.state == "subscribed")

    def opt_out(self, number: str) -> None:
        """STOP: also ends the subscription."""
        self.opted_out_numbers.add(number)
        self.opted_out_at[number] = self.clock.now()
        if number in self.contacts:
            self.leave(number)

    def leave(self, number: str) -> None:
        """Unsubscribed from the list, by whatever way."""
        self.contacts[number].state, self.contacts[number].left_at = "", self.clock.now()

    def writes(self) -> int:
        return sum(self.script.calls.count(name) for name in ("create", "subscribe", "unsubscribe", "start_import"))

    # --- the port ----------------------------------------------------------------------------------------------------

    def sender_codes(self) -> list[SenderCode]:
        with self.script.step("sender_codes"):
            return list(self.codes)

    def phone_lists(self, sender_code_id: int) -> list[PhoneList]:
        with self.script.step("phone_lists"):
            assert sender_code_id == SENDER_CODE_ID
            return list(self.lists)

    def fields(self, sender_code_id: int) -> list[SmsField]:
        with self.script.step("fields"):
            assert sender_code_id == SENDER_CODE_ID
            return list(self.sms_fields)

    def list_pages(self, sender_code_id: int, list_id: int, cursor: str | None = None) -> Iterator[NumberPage]:
        assert (sender_code_id, list_id) == (SENDER_CODE_ID, LIST_ID)
        shown = self.subscribed()
        if self.lists_leavers:
            shown = sorted({*shown, *(n for n, contact in self.contacts.items() if contact.left_at is not None)})
        yield from self._pages("list_page", [n for n in shown if n not in self.opted_out_numbers], cursor)

    def opt_out_pages(
        self, sender_code_id: int, since: float | None = None, cursor: str | None = None
    ) -> Iterator[OptOutPage]:
        assert sender_code_id == SENDER_CODE_ID
        wanted = [n for n in sorted(self.opted_out_numbers) if since is None or self.opted_out_at.get(n, 0) >= since]
        for page in self._pages("opt_out_page", wanted[: self.most_opt_outs], cursor):
            found = (OptOut(number, written(self.opted_out_at.get(number)), "Campaign") for number in page.numbers)
            last = page.next_cursor is None
            yield OptOutPage(tuple(found), page.next_cursor, self.nameless if last else ())
        if len(wanted) > self.most_opt_outs:
            raise ConfigurationError("opt_outs_unreadable", "the opt-outs cannot be read as a whole")

    def opted_out(self, sender_code_id: int, number: str) -> bool | None:
        with self._lock, self.script.step("opted_out"):
            assert sender_code_id == SENDER_CODE_ID
            self._knowable(number)
            key = _digits(number)
            return key in self.opted_out_numbers if self._located(number) else None

    def left_list_at(self, sender_code_id: int, list_id: int, number: str) -> float | None:
        with self._lock, self.script.step("left_list_at"):
            self._usable(sender_code_id, list_id)
            self._knowable(number)
            contact = self.contacts[_digits(number)] if self._located(number) else FakeSmsContact()
            return None if contact.state else contact.left_at

    def create(self, sender_code_id: int, list_id: int, contact: NewContact) -> SmsAnswer:
        with self._lock, self.script.step("create"):
            self._created += 1
            if self.throttle_every and self._created % self.throttle_every == 0:
                raise RetryableError("throttled")
            number = self._allowed(sender_code_id, list_id, contact.number)
            self.creations[number] += 1
            self._fail(number)
            if number in self.contacts:
                return SmsAnswer.KNOWN
            self.contacts[number] = FakeSmsContact(facts=dict(contact.values))
            return self._join(number)

    def subscribe(self, sender_code_id: int, list_id: int, number: str) -> SmsAnswer:
        with self._lock, self.script.step("subscribe"):
            key = self._allowed(sender_code_id, list_id, number)
            if not self._located(number):
                return SmsAnswer.UNKNOWN
            if self.contacts[key].state:
                return SmsAnswer.PENDING if self.contacts[key].state == "pending" else SmsAnswer.ALREADY
            return self._join(key)

    def unsubscribe(self, sender_code_id: int, list_id: int, number: str) -> SmsAnswer:
        with self._lock, self.script.step("unsubscribe"):
            self._usable(sender_code_id, list_id)
            self._fail(number)
            if not self._located(number):
                return SmsAnswer.UNKNOWN
            if _digits(number) in self.unsubscribe_refusals:
                raise ContactRefusedError(self.unsubscribe_refusals[_digits(number)])
            if not self.contacts[_digits(number)].state:
                return SmsAnswer.ALREADY
            self.leave(_digits(number))
            return SmsAnswer.DONE

    def start_import(self, sender_code_id: int, order: SmsImportOrder, size: int, body: BinaryIO) -> int:
        text = body.read().decode()
        with self._lock, self.script.step("start_import"):
            assert (sender_code_id, size) == (SENDER_CODE_ID, len(text.encode()))
            lines = list(csv.reader(io.StringIO(text)))
            import_id = 700_001 + len(self.imports)
            self.imports[import_id] = FakeSmsImport(order, lines, self.imports_fail, not self.imports_wait)
            for number, *values in lines if not self.imports_fail else []:
                if self._located(number):
                    contact = self.contacts[_digits(number)]
                    contact.values |= dict(zip(order.field_ids, values, strict=True))
            return import_id

    def import_status(self, sender_code_id: int, import_id: int) -> ImportStatus:
        with self.script.step("import_status"):
            assert sender_code_id == SENDER_CODE_ID
            found = self.imports[import_id]
            return ImportStatus(found.finished, found.failed, "Failed" if found.failed else "Completed")

    # --- inside ------------------------------------------------------------------------------------------------------

    def _pages(self, name: str, numbers: list[str], cursor: str | None) -> Iterator[NumberPage]:
        start: int | None = int(cursor or 0)
        while start is not None:
            with self.script.step(name):
                page = tuple(n for n in numbers[start : start + self.page_size] if n not in self.unreadable)
            end = start + self.page_size
            round_again = 0 if self.list_leads_round and name == "list_page" else None
            start = end if end < len(numbers) else round_again
            unreadable = len(numbers[end - self.page_size : end]) - len(page)
            yield NumberPage(page, None if start is None else str(start), unreadable)

    def _located(self, number: str) -> bool:
        return _digits(number) in self.contacts and self.locates(number)

    def _fail(self, number: str) -> None:
        if _digits(number) in self.failing:
            raise self.failing[_digits(number)]

    def _knowable(self, number: str) -> None:
        if _digits(number) in self.unknowable:
            raise CallFailedError("GET Contact: Listrak answered 500")

    def _usable(self, sender_code_id: int, list_id: int) -> None:
        assert (sender_code_id, list_id) == (SENDER_CODE_ID, LIST_ID)
        if not self.lists[0].active:
            raise ConfigurationError("list_inactive", "the phone list is inactive")

    def _allowed(self, sender_code_id: int, list_id: int, number: str) -> str:
        self._usable(sender_code_id, list_id)
        key = _digits(number)
        if key in self.refusals:
            raise ContactRefusedError(self.refusals[key])
        return key

    def _join(self, number: str) -> SmsAnswer:
        if number in self.opted_out_numbers:
            self.opted_out_numbers.discard(number)
            self.lifted.append(number)
        self.contacts[number].state = "pending" if self.lists[0].confirms else "subscribed"
        return SmsAnswer.DONE


class FakeSmsGateways:
    """`ports.listrak_sms.SmsGateways`: one gateway, whatever the secret."""

    def __init__(self, gateway: FakeSmsGateway) -> None:
        self._gateway = gateway

    def for_secret(self, secret: str | None) -> FakeSmsGateway:
        return self._gateway


def _digits(number: str) -> str:
    digits = number.removeprefix("+")
    return digits if len(digits) > _NATIONAL else f"1{digits}"
