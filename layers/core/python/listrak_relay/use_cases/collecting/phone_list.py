"""Who opted out of a sender code or left a phone list.

Listrak tells the opt-outs of a sender code with their time, but who left one list only by no longer showing them on it.
So the numbers shown are kept, and of each one that is gone Listrak is asked when it left.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from io import TextIOWrapper
from itertools import chain, islice

from listrak_relay.domain.delivery.number_set import NumberSet
from listrak_relay.domain.delivery.sms_numbers import comparable, sent_form
from listrak_relay.domain.destinations.destinations import SmsDestination
from listrak_relay.domain.opt_outs.opt_out import OptOut
from listrak_relay.domain.opt_outs.windows import Window
from listrak_relay.errors import NotYetError, RetryableError
from listrak_relay.ports.listrak_sms import PhoneList, SenderCode, SmsGateway
from listrak_relay.ports.storage import ObjectStore
from listrak_relay.ports.time import TimeLeft
from listrak_relay.use_cases.runs.content_types import TEXT
from listrak_relay.use_cases.runs.stopping import must_stop
from listrak_relay.use_cases.sms.leavers import Leavers
from listrak_relay.use_cases.sms.targets import find_phone_list

LEFT_LIST = "LeftList"
"""How somebody went who opted out of no sender code: Listrak gives no word for it."""

_LISTED = ""

_LOOKED_AT = 10
"""Numbers that have not left, where a list shows nobody: Listrak knows them, or they were deleted there."""


@dataclass(frozen=True, slots=True, repr=False)
class PhoneListReading:
    """``opt_outs``: of the window, with numbers in E.164. ``listed`` and ``left``: to be kept when the files are
    written, by `comparable`: who is on the list, and when others left it. ``nameless``: how many opt-outs had no
    number."""

    opt_outs: list[OptOut]
    listed: NumberSet
    left: Mapping[str, str]
    nameless: int = 0


@dataclass(frozen=True, slots=True)
class PhoneListReader:
    """``store``: the WorkBucket. ``connections``: calls under way at once."""

    gateway: SmsGateway
    store: ObjectStore
    connections: int
    time_left: TimeLeft

    def read(self, destination: SmsDestination, window: Window, key: str) -> PhoneListReading:
        """``key``: where the numbers are kept that were shown last time.

        Raises:
            RetryableError, ConfigurationError: the list could not be read as a whole.
        """
        sender, phone_list = find_phone_list(self.gateway, destination)
        since = datetime.combine(window.since, time(), UTC).timestamp()
        opt_outs: dict[str, OptOut] = {}
        nameless = 0
        for page in self.gateway.opt_out_pages(sender.sender_code_id, since):
            self._check_time()
            nameless += len(page.nameless)
            opt_outs |= {comparable(one.contact, sender.country): one for one in page.opt_outs}
        listed = NumberSet(self._shown(sender, phone_list))
        gone = {n: left for n, left in self._kept(key) if n not in listed and n not in opt_outs}
        left = {n: moment for n, moment in gone.items() if moment >= window.first.isoformat()}
        new = [n for n, moment in gone.items() if moment == _LISTED]
        form = destination.phone_format
        # Whom Listrak knows nothing of, or shows on the list after all, is left out.
        leavers = Leavers(
            self.gateway, sender.sender_code_id, phone_list.list_id, form, self.connections, self.time_left
        )
        asked = leavers.among(new)
        left |= _moments(asked.left, window.first)
        staying = islice((n for n in new[: asked.count] if n not in left), 0 if listed else _LOOKED_AT)
        if any(self.gateway.opted_out(sender.sender_code_id, sent_form(n, form)) is not None for n in staying):
            raise RetryableError("the phone list shows nobody, although people are on it")
        if asked.stopped and asked.count:
            # The next reading asks only of the others. Who is on the list by now is found there again.
            known = {n for n in new[: asked.count] if n not in left}
            self._keep(((n, left.get(n, at)) for n, at in self._kept(key) if n not in known), key)
        asked.check()
        found = [replace(one, contact=f"+{number}") for number, one in opt_outs.items()]
        found += [OptOut(f"+{number}", moment, LEFT_LIST) for number, moment in left.items()]
        return PhoneListReading(found, listed, left, nameless)

    def keep(self, reading: PhoneListReading, key: str) -> None:
        """What the next reading is compared with."""
        self._keep(chain(((number, _LISTED) for number in reading.listed), reading.left.items()), key)

    def _keep(self, numbers: Iterable[tuple[str, str]], key: str) -> None:
        with self.store.writing(key, TEXT) as body:
            for number, moment in numbers:
                body.write(f"{number},{moment}\n".encode())

    def _kept(self, key: str) -> Iterator[tuple[str, str]]:
        """A list of millions is read as a stream."""
        try:
            body = self.store.open(key)
        except FileNotFoundError:
            return
        with body, TextIOWrapper(body, encoding="ascii") as lines:
            for line in lines:
                number, _, moment = line.rstrip("\n").partition(",")
                yield number, moment

    def _shown(self, sender: SenderCode, phone_list: PhoneList) -> Iterator[str]:
        for shown in self.gateway.list_pages(sender.sender_code_id, phone_list.list_id):
            self._check_time()
            yield from (comparable(number, sender.country) for number in shown.numbers)

    def _check_time(self) -> None:
        if must_stop(self.time_left):
            raise NotYetError("the time ran out while the opt-outs were read", 0)


def _moments(left: Mapping[str, float], first: date) -> dict[str, str]:
    """As they are written. Not before the ``first`` day, since the files of the days before are as they are."""
    moments = {n: datetime.fromtimestamp(at, UTC).replace(tzinfo=None) for n, at in left.items()}
    return {n: max(at, datetime.combine(first, time())).isoformat(timespec="seconds") for n, at in moments.items()}
