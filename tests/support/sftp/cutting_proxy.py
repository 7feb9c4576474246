"""A TCP proxy that breaks connections, or lets them stand still, after so many bytes from the client."""

from __future__ import annotations

import threading
from contextlib import AbstractContextManager

from tests.support.tcp_proxy import Limits, TcpProxy, serving


class CuttingProxy(TcpProxy):
    """``limit``: bytes that the next connection may send, None for any number; a connection takes it with it.
    ``stalls``: at the limit nothing is read any more, rather than the connection broken."""

    def __init__(self, upstream: int) -> None:
        super().__init__(("127.0.0.1", upstream))
        self._over = threading.Event()
        self.limit: int | None = None
        self.stalls = False

    def next_limits(self) -> Limits:
        limit, self.limit = self.limit, None
        return Limits(client=limit)

    def at_limit(self) -> None:
        if self.stalls:
            self._over.wait()

    def close(self) -> None:
        self._over.set()
        super().close()


def cutting_proxy(upstream: int) -> AbstractContextManager[CuttingProxy]:
    return serving(CuttingProxy(upstream))
