"""Opt-outs that are sent one by one while their run waits for its turn."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from listrak_relay.errors import UnfinishedError
from listrak_relay.ports.time import TimeLeft
from listrak_relay.use_cases.runs.side_by_side import SideBySide
from listrak_relay.use_cases.runs.stopping import must_stop
from listrak_relay.use_cases.runs.stragglers import Stragglers, may_fail


def send_early(
    contacts: Iterable[str], unsubscribe: Callable[[str], None], rows: int, width: int, time_left: TimeLeft
) -> None:
    """All ``rows`` of them. A few whose calls fail, while those of others do not, are left to their turn, in which all
    go once more.

    Raises:
        UnfinishedError: the time ran out.
        RetryableError: more failed, or none came through.
    """
    stragglers, done = Stragglers[str](may_fail(rows)), 0

    def keep(_contact: str, _nothing: None) -> None:
        nonlocal done
        done += 1

    threads = SideBySide[str, None](width, lambda: not must_stop(time_left), stragglers.passes_over_a_failed_call)
    in_time = threads.run(contacts, unsubscribe, keep)
    if stragglers.failed and not done:
        raise stragglers.failed[0][1]
    if not in_time:
        raise UnfinishedError("the time ran out before every opt-out was sent")
