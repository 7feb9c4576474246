"""Reads a phone list and the opt-outs of its sender code, over as many invocations as it takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import chain

from listrak_relay.domain.delivery.number_set import NumberSet
from listrak_relay.domain.delivery.sms_numbers import comparable
from listrak_relay.domain.delivery.sms_plan import SmsPlan
from listrak_relay.domain.run import work_keys as keys
from listrak_relay.errors import ConfigurationError, NotYetError, RetryableError, UnfinishedError
from listrak_relay.ports.listrak_sms import NumberPage, OptOutPage, SmsGateway
from listrak_relay.ports.storage import ObjectStore
from listrak_relay.ports.time import Clock, TimeLeft
from listrak_relay.use_cases.runs.content_types import TEXT
from listrak_relay.use_cases.runs.preparing import PreparingLock
from listrak_relay.use_cases.runs.read_parts import ReadParts
from listrak_relay.use_cases.runs.stopping import must_stop

READ_LIMIT_SECONDS = 6 * 3600.0
"""From the first page on; what has not ended by then counts as not to be read."""

PAGES_IN_A_PART = 100
"""So many are read again at most after a crash."""

DECIDING_SECONDS = 600.0
"""Of an invocation, to decide about every number when all have been read."""


class _Kind(StrEnum):
    LISTED = "listed"
    OPTED_OUT = "opted_out"


@dataclass(frozen=True, slots=True, repr=False)
class Read:
    """``numbers`` by `comparable`. ``whole``: False where its end was not reached and will not be."""

    numbers: NumberSet
    whole: bool


@dataclass(slots=True, repr=False)
class _SoFar:
    """``parts`` are kept; ``new`` has come since, from so many ``pages``. ``cursor``: where it goes on. ``further``:
    whether this invocation has read any."""

    parts: int
    cursor: str | None
    ended: bool
    new: list[str] = field(default_factory=list)
    pages: int = 0
    further: bool = False


@dataclass(slots=True, repr=False)
class NumberReading:
    """Of one run, by whoever holds the ``lock``. ``plan``: as it is kept. ``attempts``: then the run goes on without
    what cannot be read; each is a delivery of its own, with the queue's wait between."""

    store: ObjectStore
    clock: Clock
    lock: PreparingLock
    time_left: TimeLeft
    run_id: str
    plan: SmsPlan
    attempts: int
    _so_far: dict[_Kind, _SoFar] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not (self.plan.listed_parts or self.plan.opted_out_parts):
            self.plan = replace(self.plan, read_at=self.clock.now())
        if not self.plan.opted_out_parts:
            self.plan = replace(self.plan, nameless=0)
        if not self.plan.listed_parts:
            self.plan = replace(self.plan, unreadable=0)

    def read(self, gateway: SmsGateway) -> tuple[Read, Read]:
        """Those who opted out, and those on the list.

        Raises:
            UnfinishedError: the time ran out; the next invocation goes on there.
            RetryableError, ConfigurationError: they cannot be read this time, or as things are.
        """
        code, list_id = self.plan.sender_code_id, self.plan.list_id
        opted_out = self._read(_Kind.OPTED_OUT, lambda cursor: gateway.opt_out_pages(code, cursor=cursor))
        listed = self._read(_Kind.LISTED, lambda cursor: gateway.list_pages(code, list_id, cursor))
        if self._has_read() and self.time_left() < DECIDING_SECONDS:
            self._keep()
            raise UnfinishedError("the phone list has been read; what becomes of each number is decided next")
        return opted_out, listed

    def keep(self) -> SmsPlan:
        """Have the next invocation find all that was read as it is now; returns the plan that says so."""
        self._keep()
        return self.plan

    def forget(self) -> None:
        """Everything has been decided: whom Listrak shows is nobody's business any more."""
        for kind in _Kind:
            for part in range(self._parts(kind)):
                self.store.put(self._key(kind, part), b"", TEXT)

    def _read(self, kind: _Kind, pages: Callable[[str | None], Iterator[NumberPage | OptOutPage]]) -> Read:
        so_far = self._so_far[kind] = self._kept(kind)
        if not so_far.ended and self.clock.now() - self.plan.read_at > READ_LIMIT_SECONDS:
            return self._all(kind, whole=False)
        try:
            self._go_on(so_far, pages)
        except NotYetError:
            raise
        except (RetryableError, ConfigurationError) as error:
            if isinstance(error, ConfigurationError) and error.code == "opt_outs_unreadable":
                return self._all(kind, whole=False)
            if isinstance(error, ConfigurationError) and error.code != "listrak_refused":
                raise
            failures = 1 if so_far.further else self.plan.read_failures + 1
            if failures >= self.attempts:
                return self._all(kind, whole=False)
            self.plan = replace(self.plan, read_failures=failures)
            self._keep()
            if isinstance(error, ConfigurationError):
                raise RetryableError(str(error)) from error
            raise
        return self._all(kind, whole=True)

    def _go_on(self, so_far: _SoFar, pages: Callable[[str | None], Iterator[NumberPage | OptOutPage]]) -> None:
        if so_far.ended:
            return
        for page in pages(so_far.cursor):
            so_far.new += (comparable(number, self.plan.country) for number in page.numbers)
            if isinstance(page, OptOutPage):
                self.plan = replace(self.plan, nameless=self.plan.nameless + len(page.nameless))
            else:
                self.plan = replace(self.plan, unreadable=self.plan.unreadable + page.unreadable)
            so_far.cursor, so_far.pages = page.next_cursor, so_far.pages + 1
            so_far.ended, so_far.further = page.next_cursor is None, True
            self.lock.check()
            stop = must_stop(self.time_left)
            if stop or so_far.pages >= PAGES_IN_A_PART:
                self._keep()
            if stop:
                raise UnfinishedError("reading the phone list goes on in the next invocation")

    def _all(self, kind: _Kind, *, whole: bool) -> Read:
        so_far = self._so_far[kind]
        kept = (row[0] for row in self._store_of(kind).rows(so_far.parts) if row)
        return Read(NumberSet(chain(kept, so_far.new)), whole)

    def _has_read(self) -> bool:
        return any(so_far.further for so_far in self._so_far.values())

    def _keep(self) -> None:
        """The numbers first, then the plan that says that they are there."""
        for kind, so_far in self._so_far.items():
            if so_far.pages:
                self._store_of(kind).write(so_far.parts, ([number] for number in so_far.new), so_far.cursor)
                so_far.parts, so_far.new, so_far.pages = so_far.parts + 1, [], 0
                if kind is _Kind.LISTED:
                    self.plan = replace(self.plan, listed_parts=so_far.parts)
                else:
                    self.plan = replace(self.plan, opted_out_parts=so_far.parts)
        self.lock.keep(self.run_id, self.plan)

    def _kept(self, kind: _Kind) -> _SoFar:
        parts = self._parts(kind)
        cursor = self._store_of(kind).cursor(parts) if parts else None
        return _SoFar(parts, cursor, ended=parts > 0 and cursor is None)

    def _parts(self, kind: _Kind) -> int:
        return self.plan.listed_parts if kind is _Kind.LISTED else self.plan.opted_out_parts

    def _store_of(self, kind: _Kind) -> ReadParts:
        return ReadParts(self.store, lambda part: self._key(kind, part))

    def _key(self, kind: _Kind, part: int) -> str:
        return keys.numbers_key(self.run_id, kind, part)
