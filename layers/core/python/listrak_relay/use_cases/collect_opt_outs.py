"""Opt-outs come home: who opted out at Listrak since the last time is written down for those who send the files.

One file for each list and day of opting out. A file is written whole and anew for as long as its day may still change,
so a repeat writes the same, and what was written for a list counts as read only when all of its files are there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from listrak_relay.domain.destinations.destinations import AudienceDestination, SmsDestination
from listrak_relay.domain.opt_outs.day_files import by_day, day_key, file_of, folder_name
from listrak_relay.domain.opt_outs.opt_out import OptOut
from listrak_relay.domain.opt_outs.windows import Window, windows
from listrak_relay.domain.run.work_keys import listed_numbers_key
from listrak_relay.errors import ConfigurationError, NotYetError, RelayError, RetryableError
from listrak_relay.ports.collecting import CollectedUntil
from listrak_relay.ports.destinations import DestinationBook
from listrak_relay.ports.drops import DropRecord
from listrak_relay.ports.listrak_email import EmailGateway, EmailGateways
from listrak_relay.ports.listrak_sms import SmsGateways
from listrak_relay.ports.storage import ObjectStore
from listrak_relay.ports.time import Clock, TimeLeft
from listrak_relay.use_cases.collecting.lists import lists_of
from listrak_relay.use_cases.collecting.phone_list import PhoneListReader
from listrak_relay.use_cases.email.fields import find_list
from listrak_relay.use_cases.runs.content_types import CSV
from listrak_relay.use_cases.runs.stopping import must_stop

EMAIL_DAYS_AT_ONCE = 7
"""Of an email list that are in memory at once."""


@dataclass(frozen=True, slots=True)
class CollectOptOuts:
    """``home``: the bucket that those who send the files read. ``work``: the WorkBucket. ``kept_days``: as long a file
    is kept there, and so far back the first reading goes. ``connections``: SMS calls under way at once."""

    book: DestinationBook
    drops: DropRecord
    collected: CollectedUntil
    email: EmailGateways
    sms: SmsGateways
    home: ObjectStore
    work: ObjectStore
    clock: Clock
    kept_days: int
    connections: int

    def collect(self, time_left: TimeLeft) -> dict[str, int]:
        """Counts for the log: ``lists``, ``files`` and ``opt_outs``, as they were written now; and ``without_number``,
        where Listrak shows some that can come home to nobody.

        A list that fails does not keep the others from being collected. The one that was read longest ago is first.

        Raises:
            RetryableError: some lists have more to be read; what was written stays, and a repeat goes on from there.
            ConfigurationError: the same, and an operator must mend something first.
        """
        lists = lists_of(self.book.all(), lambda name: self.drops.last(name) is not None)
        faulty = self.book.faulty()
        until = {lane: self.collected.read_until(lane) for lane in lists}
        counts = {"lists": 0, "files": 0, "opt_outs": 0}
        failures: list[tuple[str, RelayError]] = []
        for lane in sorted(lists, key=lambda lane: until[lane] or 0.0):
            try:
                for written in self._collect_list(lists[lane], lane, until[lane], time_left, counts):
                    counts["files"] += 1
                    counts["opt_outs"] += written
                counts["lists"] += 1
            except RelayError as error:
                failures.append((lane, error))
        if faulty:
            unusable = f"their configuration cannot be used: {', '.join(sorted(faulty))}"
            failures.append(("destinations", ConfigurationError("destinations_invalid", unusable)))
        if failures:
            raise _summary(failures, len(lists))
        return counts

    def _collect_list(
        self,
        destination: AudienceDestination,
        lane: str,
        read_until: float | None,
        time_left: TimeLeft,
        counts: dict[str, int],
    ) -> Iterator[int]:
        """How many people each file holds that was written. Those who are in none are added to the ``counts``."""
        if isinstance(destination, SmsDestination):
            (window,) = windows(read_until, self.clock.now(), self.kept_days, self.kept_days)
            reader = PhoneListReader(self.sms.for_secret(destination.secret), self.work, self.connections, time_left)
            key = listed_numbers_key(f"sms/{folder_name(destination.list_name, lane)}")
            reading = reader.read(destination, window, key)
            if reading.nameless:
                counts["without_number"] = counts.get("without_number", 0) + reading.nameless
            yield from self._write(destination, lane, window, reading.opt_outs)
            reader.keep(reading, key)
            self.collected.note(lane, window.read_until)
            return
        gateway = self.email.for_secret(destination.secret)
        list_id = find_list(gateway.lists(), destination.list_name).list_id
        for window in windows(read_until, self.clock.now(), self.kept_days, EMAIL_DAYS_AT_ONCE):
            found = _unsubscribed(gateway, list_id, window, lambda: must_stop(time_left))
            yield from self._write(destination, lane, window, found)
            self.collected.note(lane, window.read_until)

    def _write(
        self, destination: AudienceDestination, lane: str, window: Window, found: Iterable[OptOut]
    ) -> Iterator[int]:
        for day, opt_outs in by_day(found, window).items():
            self.home.put(day_key(destination, lane, day), file_of(opt_outs, destination), CSV)
            yield len(opt_outs)


def _unsubscribed(
    gateway: EmailGateway, list_id: int, window: Window, time_is_up: Callable[[], bool]
) -> Iterator[OptOut]:
    for page in gateway.opt_out_pages(list_id, window.since, window.until):
        if time_is_up():
            raise NotYetError("the time ran out while the opt-outs were read", 0)
        yield from page


def _summary(failures: list[tuple[str, RelayError]], lists: int) -> RelayError:
    told = "; ".join(f"{lane}: {error}" for lane, error in failures)
    text = f"opt-outs were not collected as a whole, of {lists} lists: {told}"
    code = next((error.code for _, error in failures if isinstance(error, ConfigurationError)), None)
    return ConfigurationError(code, text) if code else RetryableError(text)
