"""A TCP proxy that breaks connections on purpose, to stand between a client and the emulator."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from itertools import chain, repeat
from urllib.parse import urlsplit

from tests.support.tcp_proxy import Limits, TcpProxy, serving


class BreakingProxy(TcpProxy):
    """``limits``: how many bytes of answers each connection may carry before it is broken, None for no limit; further
    connections have none."""

    def __init__(self, upstream: str, limits: Sequence[int | None]) -> None:
        parts = urlsplit(upstream)
        assert parts.hostname
        assert parts.port
        super().__init__((parts.hostname, parts.port))
        self._limits = chain(limits, repeat(None))
        self.endpoint = f"http://127.0.0.1:{self.port}"

    def next_limits(self) -> Limits:
        return Limits(server=next(self._limits))


def breaking_proxy(upstream: str, *limits: int | None) -> AbstractContextManager[BreakingProxy]:
    return serving(BreakingProxy(upstream, limits))
