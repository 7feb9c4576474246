"""Who has opted out since a run was planned: read again as the run goes on; nobody is subscribed on an older word."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

from listrak_relay.domain.delivery.sms_numbers import comparable
from listrak_relay.domain.delivery.sms_plan import SmsPlan
from listrak_relay.errors import ConfigurationError, NotYetError, RetryableError
from listrak_relay.ports.listrak_sms import SmsGateway
from listrak_relay.ports.time import Clock, TimeLeft
from listrak_relay.use_cases.runs.stopping import must_stop

SECONDS_BETWEEN_READS = 5.0
"""With what a call may last that is tried again, nobody is subscribed on a word older than half a minute."""

MARGIN_SECONDS = 24 * 3600.0
"""Listrak does not say in which zone its dates are, nor how soon it lists somebody: what was read is read over."""


_NAMED = 3
"""Of those that an operator has to look for."""


class OptOutsUnknownError(RetryableError):
    """They could not be read this time, so nobody was subscribed."""


@dataclass(slots=True)
class OptOutWatch:
    """For the calls of one delivery, by any number of threads. A plan without the opt-outs has all of them read.

    ``passes_over``: those whose numbers Listrak does not give count as none.
    """

    gateway: SmsGateway
    plan: SmsPlan
    clock: Clock
    time_left: TimeLeft
    passes_over: bool = False
    _known: set[str] = field(default_factory=set)
    _read_at: float | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def has(self, number: str) -> bool:
        """``number`` in E.164.

        Raises:
            OptOutsUnknownError: that cannot be known now.
            ConfigurationError: nor later, as things are.
        """
        with self._lock:
            if self._read_at is None or self.clock.now() - self._read_at >= SECONDS_BETWEEN_READS:
                self._read()
            return comparable(number, self.plan.country) in self._known

    def _read(self) -> None:
        begun = self.clock.now()
        known_at = self._read_at or (self.plan.read_at if self.plan.opt_outs_read else None)
        since = None if known_at is None else known_at - MARGIN_SECONDS
        try:
            for page in self.gateway.opt_out_pages(self.plan.sender_code_id, since):
                if must_stop(self.time_left):
                    raise OptOutsUnknownError("reading the opt-outs takes longer than the time that is left")
                self._known.update(comparable(number, self.plan.country) for number in page.numbers)
                if page.nameless and not self.passes_over:
                    raise _nobody_can_tell(page.nameless)
        except NotYetError:
            raise
        except RetryableError as error:
            raise OptOutsUnknownError(str(error), error.retry_after) from error
        self._read_at = begun


def _nobody_can_tell(moments: Sequence[str]) -> ConfigurationError:
    """``moments``: when they opted out, as Listrak says it; empty where it does not."""
    dated = ", ".join(sorted(filter(None, moments))[:_NAMED]) or "without a date"
    return ConfigurationError(
        "opt_out_without_number",
        f"Listrak lists opt-outs of the sender code without a number ({dated}), so nobody can tell whose they are, and "
        "nobody was subscribed. Have Listrak complete or remove them and return the batches from the dead-letter "
        "queue. If none of them can be of your people, say opt_outs_without_number: ignore for this destination and "
        "drop the file again.",
    )
