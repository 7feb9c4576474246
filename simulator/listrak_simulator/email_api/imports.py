"""One import and what became of each of its rows."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from listrak_simulator import clock
from listrak_simulator.email_api.settings import EmailSettings
from listrak_simulator.import_status import DATA_UPLOADED, status_word

MOST_ROWS_KEPT = 5_000_000
"""Of all imports of a list together; some 30 bytes each."""

LEAST_SECONDS_KEPT = 900.0
"""After an import's end."""

_BETWEEN = "\n"


class RowResult(IntEnum):
    """Each row of an import ends in one of these; the values are places in the setting ``import_result_words``."""

    SUBSCRIBED = 1
    ALREADY_SUBSCRIBED = 2
    UNSUBSCRIBED = 3
    ALREADY_UNSUBSCRIBED = 4
    PREVIOUSLY_UNSUBSCRIBED = 5
    SUPPRESSED = 6
    BANNED = 7
    INVALID = 8
    SKIPPED = 9
    UNKNOWN = 10
    """Names nobody whom the import could change; kept as skipped or not at all, so no import has it."""


# The words of Listrak's SOAP import results, its odd capitals included, and one for the count that SOAP lacks.
RESULT_WORDS = {
    RowResult.SUBSCRIBED: "Subscribed",
    RowResult.ALREADY_SUBSCRIBED: "AlreadySubscribed",
    RowResult.UNSUBSCRIBED: "UnSubscribed",
    RowResult.ALREADY_UNSUBSCRIBED: "AlreadyUnSubscribed",
    RowResult.PREVIOUSLY_UNSUBSCRIBED: "PreviouslyUnsubscribed",
    RowResult.SUPPRESSED: "Suppressed",
    RowResult.BANNED: "Banned",
    RowResult.INVALID: "Invalid",
    RowResult.SKIPPED: "Skipped",
}
SUMMARY_COUNTS = {
    "alreadySubscribedCount": RowResult.ALREADY_SUBSCRIBED,
    "alreadyUnsubscribedCount": RowResult.ALREADY_UNSUBSCRIBED,
    "bannedCount": RowResult.BANNED,
    "invalidEmailCount": RowResult.INVALID,
    "previouslyUnsubscribedCount": RowResult.PREVIOUSLY_UNSUBSCRIBED,
    "skippedCount": RowResult.SKIPPED,
    "subscribedCount": RowResult.SUBSCRIBED,
    "suppressedCount": RowResult.SUPPRESSED,
    "unsubscribedCount": RowResult.UNSUBSCRIBED,
}


class Addresses:
    """A growing sequence of addresses, kept as joined text: a third of the memory of single ones."""

    def __init__(self) -> None:
        self._starts: list[int] = [0]
        """Position of each part's first address, and at the end how many there are."""

        self._parts: list[str | Sequence[str]] = []

    def extend(self, addresses: Sequence[str]) -> None:
        if not addresses:
            return
        joined = _BETWEEN.join(addresses)
        whole = joined.count(_BETWEEN) == len(addresses) - 1
        self._parts.append(joined if whole else addresses)
        self._starts.append(self._starts[-1] + len(addresses))

    def between(self, start: int, end: int) -> list[str]:
        """Those at the positions from ``start`` to before ``end``, as far as there are any."""
        found: list[str] = []
        for number in range(max(0, bisect_right(self._starts, start) - 1), len(self._parts)):
            first = self._starts[number]
            if first >= end:
                break
            found += self._part(number)[max(0, start - first) : end - first]
        return found

    def positions(self, address: str) -> Iterator[int]:
        """Where it stands, without regard to case."""
        wanted = address.lower()
        for first, part in zip(self._starts, self._parts, strict=False):
            if isinstance(part, str) and wanted not in part.lower():
                continue
            each = part.split(_BETWEEN) if isinstance(part, str) else part
            yield from (first + at for at, other in enumerate(each) if other.lower() == wanted)

    def __getitem__(self, position: int) -> str:
        return self.between(position, position + 1)[0]

    def _part(self, number: int) -> Sequence[str]:
        part = self._parts[number]
        return part.split(_BETWEEN) if isinstance(part, str) else part


@dataclass
class ListImport:
    import_id: int
    file_name: str
    kind: str
    """The import type, or ``ClearProfileField``."""

    created_at: float
    status: str = DATA_UPLOADED
    started_at: float | None = None
    ended_at: float | None = None
    addresses: Addresses = field(default_factory=Addresses, repr=False)
    """As the file gave them, one per row, in the file's order."""

    results: bytearray = field(default_factory=bytearray, repr=False)
    """A RowResult per row. Filled after ``addresses``, so a reader goes by its length."""

    def add_rows(self, addresses: Sequence[str], results: bytes) -> None:
        self.addresses.extend(addresses)
        self.results.extend(results)

    def describe(self, settings: EmailSettings) -> dict[str, Any]:
        return {
            "importFileId": self.import_id,
            "importFileName": self._answered_name(settings),
            "importDate": clock.as_api_date(self.created_at),
        }

    def _answered_name(self, settings: EmailSettings) -> str:
        stem, dot, extension = self.file_name.rpartition(".")
        name = stem or self.file_name
        if settings.import_names == "marked":
            name = f"{name}_{clock.as_compact_date(self.created_at)}"
        if settings.import_names != "stem" and stem:
            name += dot + extension
        return name[: settings.import_name_length or None]

    def describe_status(self, settings: EmailSettings) -> dict[str, Any]:
        return {
            "startDate": clock.as_api_date(self.started_at),
            "endDate": clock.as_api_date(self.ended_at),
            "status": status_word(self.status, settings.import_status_words),
        }

    def summary(self) -> dict[str, int]:
        counts = {name: self.results.count(result) for name, result in SUMMARY_COUNTS.items()}
        return {**counts, "processedCount": len(self.results)}

    def positions(self, result: RowResult | None) -> Sequence[int]:
        """Where in the file the rows with this result stand, from 0; None stands for any."""
        if result is None:
            return range(len(self.results))
        return [position for position, each in enumerate(self.results) if each == result]

    def contacts(self, start: int, count: int, settings: EmailSettings) -> list[dict[str, str | None]]:
        words = [None, *(word or None for word in settings.import_result_words.split(","))]
        results = self.results[start : start + count]
        rows = zip(self.addresses.between(start, start + len(results)), results, strict=True)
        return [{"emailAddress": address, "importResult": words[result]} for address, result in rows]


def forget_old(imports: dict[int, ListImport]) -> None:
    """Listrak keeps an import for a month. Here the oldest leave when they have too many rows together."""
    rows = sum(len(job.results) for job in imports.values())
    ended_before = clock.now() - LEAST_SECONDS_KEPT
    for job in list(imports.values()):
        if rows <= MOST_ROWS_KEPT or job.ended_at is None or job.ended_at > ended_before:
            return
        rows -= len(imports.pop(job.import_id).results)
