"""Whether a phone list shows those who have left it, too, and who they are. Listrak's documents leave that open."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice

from listrak_relay.domain.delivery.sms_numbers import sent_form
from listrak_relay.domain.destinations.destinations import PhoneFormat
from listrak_relay.errors import ContactRefusedError, UnfinishedError
from listrak_relay.ports.listrak_sms import SmsGateway
from listrak_relay.ports.time import TimeLeft
from listrak_relay.use_cases.runs.side_by_side import SideBySide
from listrak_relay.use_cases.runs.stopping import must_stop

SAMPLE = 200
"""Numbers that are asked after: if a fiftieth of them all had left, all but one in fifty samples would tell."""


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
        """By a sample of those of the list who are in the file and, if ``outside`` says so, one of the others."""
        within = (number for number in _from_everywhere(listed) if number in in_file)
        beside = (number for number in _from_everywhere(listed) if number not in in_file)
        return any(self.among(islice(some, SAMPLE)) for some in ([within, beside] if outside else [within]))

    def among(self, numbers: Iterable[str]) -> dict[str, float]:
        """Those who have left the list, and when (epoch seconds).

        Raises:
            UnfinishedError: the time ran out.
        """
        left: dict[str, float] = {}

        def left_at(number: str) -> float | None:
            try:
                return self.gateway.left_list_at(self.sender_code_id, self.list_id, sent_form(number, self.form))
            except ContactRefusedError:
                return None

        def note(number: str, at: float | None) -> None:
            if at is not None:
                left[number] = at

        threads = SideBySide[str, float | None](self.connections, lambda: not must_stop(self.time_left))
        if not threads.run(numbers, left_at, note):
            raise UnfinishedError("asking who has left the phone list takes longer than the time that is left", 1)
        return left


def _from_everywhere(listed: Collection[str]) -> Iterator[str]:
    """Some of all of it first, since neighbours have joined and left together; then one after the other."""
    stride = max(1, len(listed) // (10 * SAMPLE))
    return chain(islice(listed, 0, None, stride), listed)
