"""A road to Listrak on which a chosen call goes wrong, before or after it took effect."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from listrak_relay.adapters.listrak.answer import Answer
from listrak_relay.adapters.listrak.transport import NoAnswerError, NotSentError, Request, Transport
from tests.support.runs.relay import Killed

_IDS = re.compile(r"/\d+(?=/|$)")
_PERSON = re.compile(r"/Contact/[^/]+")
_HTML = b"<html><body><h1>502 Bad Gateway</h1></body></html>"


def _never(request: Request) -> Answer:
    raise NoAnswerError


def _dies(request: Request) -> Answer:
    raise Killed


def _says(status: int, body: object, **headers: str) -> Callable[[Request], Answer]:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _: Answer(status, named, content)


def _error(status: int, code: str, **headers: str) -> Callable[[Request], Answer]:
    return _says(status, {"status": status, "error": code, "message": "Made up."}, **headers)


KINDS: dict[str, Callable[[Request], Answer]] = {
    "killed": _dies,
    "silence": _never,
    "401": _error(401, "ERROR_UNAUTHORIZED"),
    "403": _error(403, "ERROR_FORBIDDEN"),
    "404": _error(404, "ERROR_UNABLE_TO_LOCATE_RESOURCE"),
    "409": _error(409, "ERROR_OF_NEXT_YEAR"),
    "429": _error(429, "ERROR_TOO_MANY"),
    "429, wait 1 s": _error(429, "ERROR_TOO_MANY", Retry_After="1"),
    "429, wait an hour": _error(429, "ERROR_TOO_MANY", Retry_After="3600"),
    "500": _error(500, "ERROR_UNHANDLED_EXCEPTION"),
    "502 in HTML": _says(502, _HTML),
    "200 in HTML": _says(200, _HTML),
    "half an answer": _says(200, b'{"status": 200, "data": [{"listId": 3'),
    "{}": _says(200, {}),
    "[]": _says(200, []),
    "null": _says(200, None),
    "data null": _says(200, {"data": None}),
    "a thousand deep": _says(200, b"[" * 1_000 + b"]" * 1_000),
    "another shape": _says(200, {"data": {"items": [{"id": "x"}]}, "status": "fine"}),
}
"""What the caller gets in place of the true answer."""

REFUSALS = frozenset(kind for kind in KINDS if kind[:3] in {"401", "403", "404", "409", "429"})
"""Kinds that say that nothing was done."""


@dataclass(frozen=True, slots=True, order=True)
class CallPoint:
    """One call of a faultless run: the ``number``-th of its ``operation``, counted from 0."""

    operation: str
    number: int

    def __str__(self) -> str:
        return f"{self.operation} #{self.number + 1}"


@dataclass(frozen=True, slots=True)
class Fault:
    """``kind``: of `KINDS`. ``after``: the call took effect first. ``times``: in a row, from ``point`` on."""

    point: CallPoint
    kind: str
    after: bool
    times: int = 1

    def __str__(self) -> str:
        return f"{self.kind} {'after' if self.after else 'instead of'} {self.point}, {self.times} times"


@dataclass
class FaultyRoad:
    """``faults``: what is to go wrong. ``taken``: every call that was made, in order. ``struck``: those that hit."""

    faults: tuple[Fault, ...] = ()
    taken: list[CallPoint] = field(default_factory=list)
    struck: list[Fault] = field(default_factory=list)
    well: bool = False

    def __post_init__(self) -> None:
        self._counts: dict[str, int] = {}
        self._lock = threading.Lock()

    def begin(self) -> None:
        """From here on calls are counted, and go wrong."""
        self.taken.clear()
        self._counts.clear()
        self.well = False

    def over(self, transport: Transport) -> FaultyTransport:
        return FaultyTransport(transport, self)

    def next(self, operation: str) -> Fault | None:
        with self._lock:
            number = self._counts.get(operation, 0)
            self._counts[operation] = number + 1
            self.taken.append(CallPoint(operation, number))
            if self.well:
                return None
            for fault in self.faults:
                first = fault.point.number
                if fault.point.operation == operation and first <= number < first + fault.times:
                    self.struck.append(fault)
                    return fault
            return None


class FaultyTransport:
    """`adapters.listrak.transport.Transport`."""

    def __init__(self, transport: Transport, road: FaultyRoad) -> None:
        self._transport, self._road = transport, road

    def send(self, request: Request) -> Answer:
        fault = self._road.next(operation_of(request))
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


def operation_of(request: Request) -> str:
    """Method and route without ids and people: ``POST /email/v1/List/…/Contact``."""
    path = "/" + request.url.split("://", 1)[1].split("/", 1)[1]
    return f"{request.method} {_PERSON.sub('/Contact/…', _IDS.sub('/…', path))}"


def every_fault(points: Iterable[CallPoint]) -> list[Fault]:
    """At each point every kind in place of the call, and after it those that do not say that nothing was done."""
    return [
        Fault(point, kind, after)
        for point in points
        for kind in KINDS
        for after in (False, True)
        if not (after and kind in REFUSALS)
    ]
