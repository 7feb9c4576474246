"""The messages of all queues that wait for their time, and that time made shorter."""

from __future__ import annotations

import math
from collections.abc import Collection
from urllib.parse import urlencode

import requests

VISIBLE_AT = "/_local/visible-at"
WAITING = "/_local/waiting"
PASS = "/_local/pass"  # noqa: S105 # time, no word
"""Paths of the emulator beside those of AWS; `local.emulator.message_state` answers them."""


class WaitingMessages:
    """``endpoint``: of the emulator. For one thread."""

    def __init__(self, endpoint: str) -> None:
        self._endpoint = endpoint
        self._session = requests.Session()
        self._session.trust_env = False  # the emulator is on this machine, whatever HTTP_PROXY says

    def next_in(self, queues: Collection[str]) -> float:
        """Seconds until a message of the queues can be received: 0 if one can now, or is in hand; infinite if there is
        none."""
        answer = self._session.get(f"{self._endpoint}{WAITING}", timeout=10).json()
        looked_at = [answer[name] for name in queues if name in answer]
        if any(ready for ready, _ in looked_at):
            return 0.0
        return min((seconds for _, seconds in looked_at if seconds is not None), default=math.inf)

    def pass_time(self, seconds: float) -> None:
        """What is hidden or delayed can be received so much earlier."""
        query = urlencode({"seconds": seconds})
        self._session.post(f"{self._endpoint}{PASS}?{query}", timeout=10).raise_for_status()

    def close(self) -> None:
        self._session.close()
