"""Whether a phone list shows those who have left it, too, and who they are. Listrak's documents leave that open."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, islice

from listrak_relay.domain.delivery.sms_numbers import sent_form
from listrak_relay.domain.destinations.choices import PhoneFormat
from listrak_relay.errors import ContactRefusedError, RetryableError, UnfinishedError
from listrak_relay.ports.listrak_sms import SmsGateway
from listrak_relay.ports.time import TimeLeft
from listrak_relay.use_cases.runs.row_calls import REST_AFTER_TROUBLE_SECONDS
from listrak_relay.use_cases.runs.side_by_side import SideBySide
from listrak_relay.use_cases.runs.stopping import must_stop
from listrak_relay.use_cases.runs.stragglers import Stragglers, may_fail

SAMPLE = 200
"""Numbers that are asked after: if a fiftieth of them all had left, all but one in fifty samples would tell."""


@dataclass(frozen=True, slots=True, repr=False)
class Asked:
    """``count``: of the numbers in their order, so many were asked after. ``left``: those of them who have left the
    list, and when (epoch seconds). ``stopped``: why it were not more, None if it were all."""

    count: int
    left: Mapping[str, float]
    stopped: RetryableError | None

    def check(self) -> None:
        """Raises UnfinishedError, if some were asked after: what has been learned is to be kept before; RetryableError,
        if none was."""
        if self.stopped and self.count and not isinstance(self.stopped, UnfinishedError):
            # Some came through: that is no failure of the message, which would count against its deliveries.
            wait = self.stopped.retry_after or REST_AFTER_TROUBLE_SECONDS
            raise UnfinishedError(f"the rest is asked next: {self.stopped}", wait) from self.stopped
        if self.stopped:
            raise self.stopped


@dataclass(frozen=True, slots=True)
class Leavers:
    """Numbers are digits with country code. ``form``: in which they go. ``connections``: calls under way at once."""

    gateway: SmsGateway
    sender_code_id: int
    list_id: int
    form: PhoneFormat
    connections: int
    time_left: TimeLeft

    def are_among(self, listed: Collection[str], in_file: Container[str], *, outside: bool) -> bool:
        """By a sample of those of the list who are in the file and, if ``outside`` says so, one of the others.

        Raises:
            RetryableError: that could not be asked this time.
        """
        within = (number for number in _from_everywhere(listed) if number in in_file)
        beside = (number for number in _from_everywhere(listed) if number not in in_file)
        for some in [within, beside] if outside else [within]:
            asked = self.among(islice(some, SAMPLE))
            if asked.left:
                return True
            if asked.stopped:
                raise asked.stopped
        return False

    def among(self, numbers: Iterable[str]) -> Asked:
        """Who of them has left the list, as far as the time allows and Listrak answers. Of a few whose calls fail while
        those of others do not it counts as not known that they have."""
        found: dict[int, tuple[str, float | None]] = {}

        def left_at(item: tuple[int, str]) -> float | None:
            try:
                return self.gateway.left_list_at(self.sender_code_id, self.list_id, sent_form(item[1], self.form))
            except ContactRefusedError:
                return None

        def note(item: tuple[int, str], at: float | None) -> None:
            place, number = item
            found[place] = number, at

        stragglers = Stragglers[tuple[int, str]](may_fail(0))
        threads = SideBySide[tuple[int, str], float | None](
            self.connections, lambda: not must_stop(self.time_left), stragglers.passes_over_a_failed_call
        )
        stopped: RetryableError | None = None
        try:
            if not threads.run(enumerate(numbers), left_at, note):
                stopped = UnfinishedError(
                    "asking who has left the phone list takes longer than the time that is left", 1
                )
        except RetryableError as error:
            stopped = error
        if found and stopped is None:
            for item, _ in stragglers.failed:
                note(item, None)
        elif stragglers.failed:
            stopped = stopped or stragglers.failed[0][1]
        # Behind one that failed others may have been answered; they are asked after once more.
        count = next(place for place in range(len(found) + 1) if place not in found)
        in_order = (found[place] for place in range(count))
        return Asked(count, {number: at for number, at in in_order if at is not None}, stopped)


def _from_everywhere(listed: Collection[str]) -> Iterator[str]:
    """Some of all of it first, since neighbours have joined and left together; then one after the other."""
    stride = max(1, len(listed) // (10 * SAMPLE))
    return chain(islice(listed, 0, None, stride), listed)
