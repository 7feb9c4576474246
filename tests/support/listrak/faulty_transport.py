"""A road to Listrak on which a chosen call goes wrong, before or after it took effect."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable

from listrak_relay.adapters.listrak.answer import Answer
from listrak_relay.adapters.listrak.transport import NoAnswerError, NotSentError, Request, Transport
from tests.support.road.answers import ANSWERS, Said
from tests.support.road.exchange import Heard
from tests.support.road.points import CallPoint, Fault
from tests.support.road.road import Road
from tests.support.runs.relay import Killed

_RELAY = "the relay"
_DEEP = "a thousand deep"


def _never(request: Request) -> Answer:
    raise NoAnswerError


def _dies(request: Request) -> Answer:
    raise Killed


def _says(said: Said) -> Callable[[Request], Answer]:
    return lambda _: Answer(said.status, said.headers, said.content)


def _goes_deep(request: Request) -> Answer:
    """The connections of earlier runs have no room to be closed in, should they be collected while it is read."""
    gc.collect()
    return _says(ANSWERS[_DEEP])(request)


KINDS: dict[str, Callable[[Request], Answer]] = {
    "killed": _dies,
    "silence": _never,
    "half an answer": _says(Said(200, b'{"status": 200, "data": [{"listId": 3')),
    "null": _says(Said(200, b"null")),
    **{name: _says(said) for name, said in ANSWERS.items()},
    _DEEP: _goes_deep,
}
"""What the caller gets in place of the true answer."""

REFUSALS = frozenset(name for name, said in ANSWERS.items() if said.refuses)
"""Kinds that say that nothing was done."""


class FaultyTransport:
    """`adapters.listrak.transport.Transport`."""

    def __init__(self, transport: Transport, road: Road) -> None:
        self._transport, self._road = transport, road

    def send(self, request: Request) -> Answer:
        path = "/" + request.url.split("://", 1)[1].split("/", 1)[1]
        fault = self._road.next(_RELAY, Heard(request.method, path, (), b""))
        if fault is None:
            return self._transport.send(request)
        if fault.after:
            self._transport.send(request)
        elif fault.kind == "silence":
            raise NotSentError
        elif request.upload is not None:
            # What reads a body only once has read it, whoever answers.
            request.upload.readall()
        return KINDS[fault.kind](request)


def every_fault(points: Iterable[CallPoint]) -> list[Fault]:
    """At each point every kind in place of the call, and after it those that do not say that nothing was done."""
    return [
        Fault(point, kind, after)
        for point in points
        for kind in KINDS
        for after in (False, True)
        if not (after and kind in REFUSALS)
    ]
