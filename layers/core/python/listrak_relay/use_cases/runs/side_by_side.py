"""Many calls at once, each result kept as it comes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

from listrak_relay.errors import NotYetError, RetryableError

T = TypeVar("T")
R = TypeVar("R")


class SideBySide(Generic[T, R]):
    """``width`` threads take work in order until there is none, ``go_on`` says no, or one of them fails.

    ``passes_over``: asked of a piece that failed by a RetryableError, but for one that says to wait: whether the others
    go on. In one thread at a time.
    """

    def __init__(
        self, width: int, go_on: Callable[[], bool], passes_over: Callable[[T, RetryableError], bool] | None = None
    ) -> None:
        self._width, self._go_on, self._passes_over = width, go_on, passes_over
        self._lock = threading.Lock()
        self._stopped = False

    def run(self, work: Iterable[T], do: Callable[[T], R], keep: Callable[[T, R], None]) -> bool:
        """Whether all work was done, or passed over. ``do`` runs in many threads, ``keep`` in one at a time.

        Raises:
            what ``do`` raises first; work under way elsewhere is finished and kept before.
        """
        items = iter(work)
        with ThreadPoolExecutor(self._width) as threads:
            lanes = [threads.submit(self._lane, items, do, keep) for _ in range(self._width)]
        for lane in lanes:
            lane.result()
        return not self._stopped

    def _lane(self, items: Iterator[T], do: Callable[[T], R], keep: Callable[[T, R], None]) -> None:
        finished = False
        try:
            while (item := self._next(items)) is not None:
                try:
                    result = do(item)
                except RetryableError as error:
                    if not self._may_pass_over(item, error):
                        raise
                    continue
                with self._lock:
                    keep(item, result)
            finished = True
        finally:
            if not finished:
                self._stopped = True

    def _may_pass_over(self, item: T, error: RetryableError) -> bool:
        if self._passes_over is None or isinstance(error, NotYetError):
            return False
        with self._lock:
            return self._passes_over(item, error)

    def _next(self, items: Iterator[T]) -> T | None:
        with self._lock:
            if self._stopped:
                return None
            item = next(items, None)
            if item is not None and not self._go_on():
                self._stopped = True
                return None
            return item
