"""The open connections, so that a fault can cut one off. ASGI itself has no word for that."""

import asyncio

from starlette.types import Receive, Scope
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_open: dict[tuple[str, int], asyncio.Transport] = {}


class TrackedProtocol(HttpToolsProtocol):
    """uvicorn's own protocol; remembers its transport by the peer's address, which the request's scope also has."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._peer = tuple(transport.get_extra_info("peername")[:2])
        _open[self._peer] = transport

    def connection_lost(self, exc: Exception | None) -> None:
        _open.pop(self._peer, None)
        super().connection_lost(exc)


async def drop(scope: Scope, receive: Receive) -> None:
    """Close the request's connection at once and wait until it is gone."""
    transport = _open.get(tuple(scope["client"]))
    if transport is not None:
        transport.abort()
    while (await receive())["type"] != "http.disconnect":
        pass
