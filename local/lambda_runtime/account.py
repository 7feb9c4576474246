"""Limits of an AWS account: what a function may have, and how many invocations may run at once.

https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from local.errors import LocalStackError


@dataclass(frozen=True, slots=True)
class AccountLimits:
    """``memory_mb``: of one function. ``concurrency``: invocations at once, of all functions together. ``unreserved``:
    how much of it no function may reserve."""

    memory_mb: int
    concurrency: int
    unreserved: int


USUAL = AccountLimits(memory_mb=10_240, concurrency=1_000, unreserved=100)
NEW = AccountLimits(memory_mb=3_008, concurrency=10, unreserved=10)
"""What a new account has until AWS raises it on request."""


def account_limits(environment: Mapping[str, str]) -> AccountLimits:
    """By ``NEW_ACCOUNT``, which is ``1`` for a new one. Raises LocalStackError: another word than ``1`` or ``0``."""
    word = environment.get("NEW_ACCOUNT", "")
    if word not in ("", "0", "1"):
        raise LocalStackError(f"NEW_ACCOUNT is {word!r}; it is 1 for the limits of a new account, else 0 or not set")
    return NEW if word == "1" else USUAL


@dataclass
class Concurrency:
    """Invocations under way, safe for many threads. ``reserved``: function → how many of the account's are its own."""

    limits: AccountLimits
    reserved: Mapping[str, int]
    _running: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, function: str) -> bool:
        """False: it is throttled. A reservation is a limit too."""
        with self._lock:
            free = self._free_of(function)
            if free > 0:
                self._running[function] += 1
            return free > 0

    def end(self, function: str) -> None:
        with self._lock:
            self._running[function] -= 1

    def _free_of(self, function: str) -> int:
        if function in self.reserved:
            return self.reserved[function] - self._running[function]
        shared = sum(count for name, count in self._running.items() if name not in self.reserved)
        return self.limits.concurrency - sum(self.reserved.values()) - shared
