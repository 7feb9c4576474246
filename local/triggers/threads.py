"""Threads that work until the stack stops, and whose failure is the stack's failure."""

from __future__ import annotations

import threading
from collections.abc import Callable

from botocore.exceptions import BotoCoreError, ClientError


class Background:
    """``stopping`` is set when the stack ends. ``fault``: the first error of a thread before that."""

    def __init__(self) -> None:
        self.stopping = threading.Event()
        self.fault: BaseException | None = None
        self._threads: list[threading.Thread] = []

    def start(self, name: str, work: Callable[[], None]) -> None:
        """Call ``work`` again and again until the stack stops."""
        thread = threading.Thread(target=self._repeat, args=(work,), name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def join(self, seconds: float = 2.0) -> None:
        for thread in self._threads:
            thread.join(seconds)

    def report(self, error: BaseException) -> None:
        """Errors while the stack stops are only the end of connections."""
        if not self.stopping.is_set() and self.fault is None:
            self.fault = error

    def _repeat(self, work: Callable[[], None]) -> None:
        try:
            while not self.stopping.is_set():
                work()
        except (BotoCoreError, ClientError, OSError, ValueError, KeyError, TypeError) as error:
            self.report(error)
