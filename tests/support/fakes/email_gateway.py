"""A small working Listrak Email: lists, groups, fields, contacts, and imports that finish when they are told to.

The rules are Listrak's published ones: an import never resubscribes anyone; an update touches known subscribers only;
only a single call with ``override_unsubscribe`` lifts an unsubscription. Where nothing is published it takes the
choice that shows a careless caller up: a new contact saved without a state is subscribed.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import BinaryIO

from listrak_relay.domain.opt_outs.opt_out import OptOut
from listrak_relay.errors import ContactRefusedError, OutcomeUnknownError, RetryableError
from listrak_relay.ports.listrak_email import (
    Contact,
    ContactPage,
    ImportOrder,
    ImportSummary,
    ListrakList,
    ProfileField,
    ProfileFieldGroup,
    ResultPage,
)
from listrak_relay.ports.listrak_imports import ImportStatus
from tests.support.fakes.clock import FakeClock, written
from tests.support.fakes.email_imports import SUMMARY_COUNTS, FakeContact, apply_row, value_fits
from tests.support.fakes.script import Script


@dataclass(slots=True)
class FakeImport:
    """``results``: (email, result word) once finished."""

    import_id: int
    list_id: int
    started_at: float
    order: ImportOrder | None = None
    body: bytes = b""
    finished: bool = False
    failed: bool = False
    results: list[tuple[str, str]] = field(default_factory=list)


class FakeEmailGateway:
    """`ports.listrak_email.EmailGateway`.

    Set up with ``add_list``, ``add_contact``, ``ban``, ``suppress``; look at ``contact_book``, ``imports``, ``events``
    and ``double_opt_ins``; make calls fail with ``script``. An import stays unfinished until ``finish_imports`` or,
    with ``finish_at_once``, ends as it begins. With ``leads_round`` the last page names the first as the next.
    ``failing``: (method, address) → what it raises. ``saved``: address → how often it was to be saved.
    ``loses``: of which imports it knows nothing afterwards and gives no answer.
    """

    def __init__(self, clock: FakeClock | None = None, *, finish_at_once: bool = False, page_size: int = 5_000) -> None:
        self.clock = clock or FakeClock()
        self.script = Script()
        self.finish_at_once = finish_at_once
        self.page_size = page_size
        self.leads_round = False
        self.loses: Callable[[ImportOrder], bool] = lambda _: False
        self.failing: dict[tuple[str, str], RetryableError] = {}
        self.saved: Counter[str] = Counter()
        self.contact_book: dict[int, dict[str, FakeContact]] = {}
        self.imports: dict[int, FakeImport] = {}
        self.events: list[tuple[str, tuple[int, ...]]] = []
        self.double_opt_ins: list[str] = []
        self._lists: list[ListrakList] = []
        self._groups: dict[int, list[ProfileFieldGroup]] = {}
        self._fields: dict[int, ProfileField] = {}
        self._banned: set[str] = set()
        self._suppressed: set[str] = set()
        self._last_id = 1_000

    # --- set up and look ---------------------------------------------------------------------------------------------

    def add_list(self, name: str = "Master List") -> int:
        list_id = self._next_id()
        self._lists.append(ListrakList(list_id, name))
        self._groups[list_id], self.contact_book[list_id] = [], {}
        return list_id

    def add_contact(
        self, list_id: int, email: str, *, subscribed: bool = True, values: Mapping[int, str] | None = None
    ) -> None:
        self.contact_book[list_id][email] = FakeContact(subscribed, dict(values or {}))

    def unsubscribe(self, list_id: int, email: str) -> None:
        """By the link in a mail, now."""
        self.contact_book[list_id][email].subscribed = False
        self.contact_book[list_id][email].left_at = self.clock.now()

    def ban(self, email: str) -> None:
        self._banned.add(email)

    def suppress(self, email: str) -> None:
        self._suppressed.add(email)

    def subscribers(self, list_id: int) -> list[str]:
        return sorted(email for email, contact in self.contact_book[list_id].items() if contact.subscribed)

    def members(self, list_id: int, field_name: str) -> list[str]:
        """Addresses with ``on`` in the profile field of this name."""
        groups = {group.group_id for group in self._groups[list_id]}
        ids = {f.field_id for f in self._fields.values() if f.name == field_name and f.group_id in groups}
        contacts = self.contact_book[list_id].items()
        return sorted(email for email, contact in contacts if any(contact.values.get(i) == "on" for i in ids))

    def finish_imports(self) -> None:
        """All that wait, in the order in which they began."""
        for waiting in self.imports.values():
            if not waiting.finished:
                self.finish(waiting)

    def break_imports(self) -> None:
        """All that wait end as failed, with nothing done."""
        for waiting in self.imports.values():
            if not waiting.finished:
                waiting.finished = waiting.failed = True

    # --- the port ----------------------------------------------------------------------------------------------------

    def lists(self) -> list[ListrakList]:
        with self.script.step("lists"):
            return list(self._lists)

    def groups(self, list_id: int) -> list[ProfileFieldGroup]:
        with self.script.step("groups"):
            return list(self._groups[list_id])

    def create_group(self, list_id: int, name: str, position: int) -> int:
        with self.script.step("create_group"):
            group = ProfileFieldGroup(self._next_id(), name, position)
            self._groups[list_id].append(group)
            return group.group_id

    def fields(self, list_id: int, group_id: int) -> list[ProfileField]:
        with self.script.step("fields"):
            return [known for known in self._fields.values() if known.group_id == group_id]

    def create_field(
        self, list_id: int, group_id: int, name: str, data_type: str, max_length: int, position: int
    ) -> int:
        with self.script.step("create_field"):
            field_id = self._next_id()
            self._fields[field_id] = ProfileField(field_id, group_id, name, data_type, max_length, position)
            return field_id

    def contacts(self, list_id: int, field_id: int, cursor: str | None, *, unsubscribed: bool = False) -> ContactPage:
        with self.script.step("contacts"):
            wanted = sorted(e for e, c in self.contact_book[list_id].items() if c.subscribed is not unsubscribed)
            start = int(cursor or 0)
            end = start + self.page_size
            book = self.contact_book[list_id]
            return ContactPage(
                tuple(book[email].seen_as(email, (field_id,)) for email in wanted[start:end]),
                str(end if end < len(wanted) else 0) if end < len(wanted) or self.leads_round else None,
            )

    def opt_out_pages(self, list_id: int, since: date, until: date) -> Iterator[list[OptOut]]:
        gone = [(e, c) for e, c in sorted(self.contact_book[list_id].items()) if not c.subscribed]
        found = [OptOut(email, written(contact.left_at), "Link") for email, contact in gone]
        wanted = [one for one in found if not one.at or since.isoformat() <= one.day <= until.isoformat()]
        for start in range(0, len(wanted), self.page_size):
            with self.script.step("opt_out_page"):
                page = wanted[start : start + self.page_size]
            yield page

    def start_import(self, list_id: int, order: ImportOrder, size: int, body: BinaryIO) -> int:
        with self.script.step("start_import"):
            if self.loses(order):
                raise OutcomeUnknownError("no answer")
            content = body.read()
            assert len(content) == size, "the body is not as long as was said"
            return self._begin(FakeImport(self._next_id(), list_id, self.clock.now(), order, content))

    def find_import(self, list_id: int, file_name: str, since: float) -> int | None:
        with self.script.step("find_import"):
            for begun in reversed(self.imports.values()):
                named = begun.order is not None and begun.order.file_name == file_name
                if named and begun.list_id == list_id and begun.started_at >= since:
                    return begun.import_id
            return None

    def import_status(self, list_id: int, import_id: int) -> ImportStatus:
        with self.script.step("import_status"):
            begun = self.imports[import_id]
            if not begun.finished:
                return ImportStatus(finished=False, failed=False, raw="ProcessingData")
            return ImportStatus(True, begun.failed, "ProcessingFailed" if begun.failed else "ProcessingCompleted")

    def import_summary(self, list_id: int, import_id: int) -> ImportSummary:
        with self.script.step("import_summary"):
            results = self.imports[import_id].results
            counts = Counter(SUMMARY_COUNTS[word] for _, word in results)
            return ImportSummary(**counts, processed=len(results))

    def import_results(self, list_id: int, import_id: int, cursor: str | None = None) -> Iterator[ResultPage]:
        results = self.imports[import_id].results
        for start in range(int(cursor or 0), max(1, len(results)), self.page_size):
            with self.script.step("import_results"):
                page = tuple(results[start : start + self.page_size])
            end = start + self.page_size
            yield ResultPage(page, str(end) if end < len(results) else None)

    def contact(self, list_id: int, email: str) -> Contact | None:
        with self.script.step("contact"):
            self._fail("contact", email)
            known = self.contact_book[list_id].get(email)
            return known.seen_as(email, ()) if known else None

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
        with self.script.step("save_contact"):
            self.saved[email] += 1
            self._fail("save_contact", email)
            self._refuse_unfit(email, values)
            book = self.contact_book[list_id]
            contact = book.setdefault(email, FakeContact(subscribed is not False))
            if subscribed is False or (subscribed and override_unsubscribe):
                contact.subscribed = subscribed
            contact.values.update(values)
            if event_ids:
                self.events.append((email, tuple(event_ids)))
            if send_double_opt_in:
                self.double_opt_ins.append(email)

    # --- inside ------------------------------------------------------------------------------------------------------

    def _fail(self, method: str, email: str) -> None:
        if (method, email) in self.failing:
            raise self.failing[method, email]

    def _refuse_unfit(self, email: str, values: Mapping[int, str]) -> None:
        if email in self._banned:
            raise ContactRefusedError("ERROR_BANNED_EMAIL_ADDRESS")
        if email in self._suppressed:
            raise ContactRefusedError("ERROR_SUPPRESSED_EMAIL")
        if not all(value_fits(self._fields[field_id], value) for field_id, value in values.items()):
            raise ContactRefusedError("ERROR_INVALID_PARAMETER")

    def _begin(self, begun: FakeImport) -> int:
        self.imports[begun.import_id] = begun
        if self.finish_at_once:
            self.finish(begun)
        return begun.import_id

    def finish(self, begun: FakeImport) -> None:
        book = self.contact_book[begun.list_id]
        begun.finished = True
        if begun.order is not None:
            fields = tuple(self._fields[field_id] for field_id in begun.order.field_ids)
            for row in csv.reader(io.StringIO(begun.body.decode("utf-8"), newline="")):
                word = apply_row(book, begun.order, row, fields, self._banned, self._suppressed)
                begun.results.append((row[0], word))

    def _next_id(self) -> int:
        self._last_id += 1
        return self._last_id


class FakeEmailGateways:
    """`ports.listrak_email.EmailGateways`: an account for the channel's own secret (None), others by their secrets."""

    def __init__(self, own: FakeEmailGateway, others: Mapping[str, FakeEmailGateway] | None = None) -> None:
        self.own = own
        self.others = dict(others or {})

    def for_secret(self, secret: str | None) -> FakeEmailGateway:
        return self.own if secret is None else self.others[secret]
