"""One import and what became of each of its rows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from listrak_simulator import clock

# The words of Listrak's SOAP process status: the REST ones are not published.
DATA_UPLOADED = "DataUploaded"
PROCESSING_DATA = "ProcessingData"
PROCESSING_COMPLETED = "ProcessingCompleted"
PROCESSING_FAILED = "ProcessingFailed"


class RowResult(IntEnum):
    """Each row of an import ends in one of these."""

    SUBSCRIBED = 1
    ALREADY_SUBSCRIBED = 2
    UNSUBSCRIBED = 3
    ALREADY_UNSUBSCRIBED = 4
    PREVIOUSLY_UNSUBSCRIBED = 5
    SUPPRESSED = 6
    BANNED = 7
    INVALID = 8
    SKIPPED = 9


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
    addresses: list[str] = field(default_factory=list, repr=False)
    """As the file gave them, one per row, in the file's order."""

    results: bytearray = field(default_factory=bytearray, repr=False)
    """A RowResult per row. Filled after ``addresses``, so a reader goes by its length."""

    def describe(self) -> dict[str, Any]:
        return {
            "importFileId": self.import_id,
            "importFileName": self.file_name,
            "importDate": clock.as_api_date(self.created_at),
        }

    def describe_status(self) -> dict[str, Any]:
        return {
            "startDate": clock.as_api_date(self.started_at),
            "endDate": clock.as_api_date(self.ended_at),
            "status": self.status,
        }

    def summary(self) -> dict[str, int]:
        counts = {name: self.results.count(result) for name, result in SUMMARY_COUNTS.items()}
        return {**counts, "processedCount": len(self.results)}

    def positions(self, result: RowResult | None) -> Sequence[int]:
        """Where in the file the rows with this result stand, from 0; None stands for any."""
        if result is None:
            return range(len(self.results))
        return [position for position, each in enumerate(self.results) if each == result]

    def contacts(self, start: int, count: int) -> list[dict[str, str]]:
        words = {int(result): word for result, word in RESULT_WORDS.items()}
        rows = zip(self.addresses[start : start + count], self.results[start : start + count], strict=False)
        return [{"emailAddress": address, "importResult": words[result]} for address, result in rows]
