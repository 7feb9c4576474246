"""Scripted trouble, the same for every fake: which call fails next, and whether it takes effect first."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class _Failure:
    error: BaseException
    times: int
    after: bool


@dataclass(slots=True)
class Script:
    """``calls``: the names of all methods called, in order."""

    calls: list[str] = field(default_factory=list)
    _failures: dict[str, list[_Failure]] = field(default_factory=dict)

    def fail(self, method: str, error: BaseException, *, times: int = 1, after: bool = False) -> None:
        """Let the next ``times`` calls of ``method`` raise; with ``after`` they take effect and raise then, which is
        what a lost answer or a process killed just afterwards looks like."""
        self._failures.setdefault(method, []).append(_Failure(error, times, after))

    @contextmanager
    def step(self, method: str) -> Iterator[None]:
        self.calls.append(method)
        failure = self._next(method)
        if failure and not failure.after:
            raise failure.error
        yield
        if failure:
            raise failure.error

    def _next(self, method: str) -> _Failure | None:
        waiting = self._failures.get(method, [])
        if not waiting:
            return None
        failure = waiting[0]
        failure.times -= 1
        if failure.times <= 0:
            waiting.pop(0)
        return failure
