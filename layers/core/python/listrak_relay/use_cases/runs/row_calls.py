"""The calls that a chunk's rows take one by one, over as many deliveries as it takes until each row has its end.

A row whose calls fail at each of a few deliveries, while those of others of its chunk do not, is set aside by itself:
the others have their ends, and are not sent again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Generic, TypeVar

from listrak_relay.domain.delivery.sms_results import Removal
from listrak_relay.domain.run.row_ends import End
from listrak_relay.errors import CallFailedError, RetryableError, UnfinishedError
from listrak_relay.ports.time import TimeLeft
from listrak_relay.use_cases.runs.progress import Checkpoints, Progress
from listrak_relay.use_cases.runs.side_by_side import SideBySide
from listrak_relay.use_cases.runs.stopping import must_stop
from listrak_relay.use_cases.runs.stragglers import Stragglers, may_fail

T = TypeVar("T")
R = TypeVar("R")

REST_AFTER_TROUBLE_SECONDS = 15.0

DELIVERIES_OF_A_STRAGGLER = 4
"""One to two minutes: not a moment's matter. The call itself is tried up to four times in each."""


@dataclass(slots=True, kw_only=True)
class RowCalls(Generic[T, R]):
    """``rows``: of the chunk. ``width``: calls under way at once. ``place``: of a piece of work, as in
    `Progress.tries`."""

    checkpoints: Checkpoints
    rows: int
    width: int
    time_left: TimeLeft
    place: Callable[[T], int]

    def make(
        self,
        waiting: Callable[[], Iterable[T]],
        do: Callable[[T], R],
        keep: Callable[[T, R], None],
        set_aside: Callable[[T], None],
    ) -> None:
        """``waiting``: what has no end yet, each time it is asked. ``keep`` and ``set_aside``: write the end down in
        the progress. That is not saved when all is done.

        Raises:
            UnfinishedError: some came through; the rest is to be handed on.
            RetryableError: none did.
        """
        progress, before = self.checkpoints.progress, len(self.checkpoints.progress)
        tried = frozenset(progress.tries)
        stragglers = Stragglers[T](may_fail(self.rows))

        def passes_over(item: T, error: RetryableError) -> bool:
            if isinstance(error, CallFailedError):
                progress.tries[self.place(item)] = progress.tries.get(self.place(item), 0) + 1
            return stragglers.passes_over(item, error)

        def kept(item: T, result: R) -> None:
            keep(item, result)
            self.checkpoints.passed()

        # Whoever failed before would be the first at each try, and be called as often as it takes to get the others
        # through, a handful at a time.
        first = (item for item in waiting() if self.place(item) not in tried)
        then = (item for item in (waiting() if tried else ()) if self.place(item) in tried)
        threads = SideBySide[T, R](self.width, lambda: not must_stop(self.time_left), passes_over)
        whole = False
        try:
            if not threads.run(chain(first, then), do, kept):
                raise UnfinishedError("the time ran out; the rest is handed on")
            self._end(stragglers, set_aside)
            whole = True
        except UnfinishedError:
            raise
        except RetryableError as error:
            if len(progress) > before:
                # Some came through: that is no failure of the message, which would count against its deliveries.
                wait = error.retry_after or REST_AFTER_TROUBLE_SECONDS
                raise UnfinishedError(f"the rest is handed on: {error}", wait) from error
            raise
        finally:
            if not whole:
                self.checkpoints.save()

    def _end(self, stragglers: Stragglers[T], set_aside: Callable[[T], None]) -> None:
        """Raises RetryableError: some are to be tried again."""
        progress = self.checkpoints.progress
        left: list[RetryableError] = []
        proven = _others_came_through(progress)
        for item, error in stragglers.failed:
            if proven and progress.tries.get(self.place(item), 0) >= DELIVERIES_OF_A_STRAGGLER:
                set_aside(item)
            else:
                left.append(error)
        if left:
            raise left[0]


def _others_came_through(progress: Progress) -> bool:
    rows, removals = progress.rows.values(), progress.removals.values()
    return any(end.end is not End.DEAD_LETTERED for end in rows) or any(one is not Removal.GIVEN_UP for one in removals)
