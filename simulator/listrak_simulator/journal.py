"""What was asked of the vendor's routes, kept in memory for tests to read."""

import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from starlette.requests import Request

from listrak_simulator import clock

LONGEST_JOURNAL = 200_000  # entries; the oldest leave first, the counts stay whole
_TOKEN_PATH = "/OAuth2/Token"  # noqa: S105  a route, no secret


@dataclass
class Entry:
    """One request. ``body`` is the JSON document with ``fileStream`` replaced by its length in characters."""

    number: int
    at: str
    method: str
    path: str
    query: list[tuple[str, str]]
    content_type: str | None
    body: Any = None
    status: int | None = None
    """None: no answer was sent, or none yet."""

    fault: str | None = None
    """The id of the fault rule that hit the request."""

    handled: bool = True
    """False where a fault kept the request from taking effect."""

    milliseconds: float | None = None
    started: float = field(default=0.0, repr=False)

    def describe(self) -> dict[str, Any]:
        description = asdict(self)
        del description["started"]
        return description


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
            at=clock.as_api_date(clock.now()) or "",
            method=request.method,
            path=request.url.path,
            query=list(request.query_params.multi_items()),
            content_type=request.headers.get("content-type"),
            started=clock.now(),
        )
        self._entries.append(entry)
        self._calls[_kind(entry)] += 1
        request.scope["simulator.entry"] = entry
        return entry

    def close(self, entry: Entry, route: str | None) -> None:
        """``route`` is the published template that the path matched, if any."""
        entry.milliseconds = round((clock.now() - entry.started) * 1000, 1)
        self._by_route[f"{entry.method} {route or entry.path}"] += 1

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
        entry.body = body


def _kind(entry: Entry) -> str:
    if entry.path == _TOKEN_PATH:
        return "tokens"
    return "reads" if entry.method in {"GET", "HEAD"} else "writes"
