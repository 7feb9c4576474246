"""Whether a phone list shows those who have left it, too, and who they are. Listrak's documents leave that open."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass
from itertools import islice

from listrak_relay.domain.delivery.sms_numbers import sent_form
from listrak_relay.domain.delivery.sms_plan import SmsPlan
from listrak_relay.domain.destinations.destinations import PhoneFormat
from listrak_relay.errors import ContactRefusedError, NotYetError
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
    plan: SmsPlan
    form: PhoneFormat
    connections: int
    time_left: TimeLeft

    def are_among(self, shown: Set[str]) -> bool:
        """By a sample; a set of texts is in another order in each process."""
        return bool(self.among(islice(shown, SAMPLE)))

    def among(self, numbers: Iterable[str]) -> frozenset[str]:
        """Those who have left the list.

        Raises:
            NotYetError: the time ran out.
        """
        left: set[str] = set()

        def left_at(number: str) -> float | None:
            sent = sent_form(number, self.form)
            try:
                return self.gateway.left_list_at(self.plan.sender_code_id, self.plan.list_id, sent)
            except ContactRefusedError:
                return None

        def note(number: str, at: float | None) -> None:
            if at is not None:
                left.add(number)

        threads = SideBySide[str, float | None](self.connections, lambda: not must_stop(self.time_left))
        if not threads.run(numbers, left_at, note):
            raise NotYetError("asking who has left the phone list takes longer than the time that is left", 1)
        return frozenset(left)
