"""What was asked of the vendor's routes, kept in memory for tests to read."""

import re
import sys
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from starlette.requests import Request

from listrak_simulator import clock

LONGEST_JOURNAL = 50_000
"""Entries, of about a kilobyte each; the oldest leave first. The counts stay whole."""

_MOST_ROUTES = 500
_OTHER_ROUTES = "other routes"
_TOKEN_PATH = "/OAuth2/Token"  # noqa: S105  a route, no secret


@dataclass(slots=True)
class Entry:
    """One request."""

    number: int
    started: float
    """Seconds since the epoch."""

    method: str
    path: str
    query: Sequence[tuple[str, str]]
    content_type: str | None
    packed_body: bytes | None = None
    """The JSON document with ``fileStream`` replaced by its length in characters, as text: objects take five times as
    much."""

    status: int | None = None
    """None: no answer was sent, or none yet."""

    fault: str | None = None
    """The id of the fault rule that hit the request."""

    handled: bool = True
    """False where a fault kept the request from taking effect."""

    milliseconds: float | None = None

    @property
    def at(self) -> str:
        return clock.as_api_date(self.started) or ""

    def describe(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "at": self.at,
            "method": self.method,
            "path": self.path,
            "query": self.query,
            "content_type": self.content_type,
            "body": self.packed_body and orjson.Fragment(self.packed_body),
            "status": self.status,
            "fault": self.fault,
            "handled": self.handled,
            "milliseconds": self.milliseconds,
        }


class Journal:
    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=LONGEST_JOURNAL)
        self._count = 0
        self._calls: Counter[str] = Counter()
        self._by_route: Counter[str] = Counter()

    def open(self, request: Request) -> Entry:
        self._count += 1
        entry = Entry(
            number=self._count,
            started=clock.now(),
            method=sys.intern(request.method),
            path=request.url.path,
            query=tuple(request.query_params.multi_items()),
            content_type=sys.intern(request.headers.get("content-type", "")) or None,
        )
        self._entries.append(entry)
        self._calls[_kind(entry)] += 1
        request.scope["simulator.entry"] = entry
        return entry

    def close(self, entry: Entry, route: str | None) -> None:
        """``route`` is the published template that the path matched, if any."""
        entry.milliseconds = round((clock.now() - entry.started) * 1000, 1)
        called = f"{entry.method} {route or entry.path}"
        known = called in self._by_route or len(self._by_route) < _MOST_ROUTES
        self._by_route[called if known else _OTHER_ROUTES] += 1

    def entries(self, method: str | None = None, path: str | None = None) -> Iterator[Entry]:
        """Oldest first; ``path`` is a regular expression searched for in the path."""
        pattern = re.compile(path or "")
        return (
            entry
            for entry in list(self._entries)
            if (method is None or entry.method == method) and pattern.search(entry.path)
        )

    def latest(self, count: int) -> list[Entry]:
        return list(self._entries)[-count:][::-1]

    def calls(self) -> dict[str, Any]:
        """Counts of requests received, those that a fault hit included."""
        return {
            "tokens": self._calls["tokens"],
            "reads": self._calls["reads"],
            "writes": self._calls["writes"],
            "by_route": dict(sorted(self._by_route.items())),
        }

    def clear(self) -> None:
        self._entries.clear()
        self._calls.clear()
        self._by_route.clear()


def note_body(request: Request, body: object) -> None:
    """Keep ``body`` as the one that the journal shows for this request."""
    entry = request.scope.get("simulator.entry")
    if isinstance(entry, Entry):
        entry.packed_body = bytes(memoryview(orjson.dumps(body)))  # a copy: the original holds on to its buffer


def _kind(entry: Entry) -> str:
    if entry.path == _TOKEN_PATH:
        return "tokens"
    return "reads" if entry.method in {"GET", "HEAD"} else "writes"
