"""The requests that were submitted. Contacts stay on the lists: what a request does to them is not published."""

from dataclasses import dataclass, field
from typing import Any

from listrak_simulator import clock


@dataclass(frozen=True)
class ForgetRequest:
    request_id: str
    identifiers: dict[str, str]
    submitted_at: float
    processed_at: float

    def describe(self) -> dict[str, Any]:
        """The published ForgetRequest."""
        done = clock.now() >= self.processed_at
        return {
            "requestID": self.request_id,
            "status": "COMPLETE" if done else "PROCESSING",
            "submittedDate": clock.as_api_date(self.submitted_at),
            "processedDate": clock.as_api_date(self.processed_at) if done else None,
        }


@dataclass
class PrivacyAccount:
    requests: dict[str, ForgetRequest] = field(default_factory=dict)

    def submit(self, identifiers: dict[str, str], seconds: float) -> ForgetRequest:
        """``seconds``: until it is processed."""
        now, request_id = clock.now(), f"{len(self.requests) + 1:08d}"
        self.requests[request_id] = ForgetRequest(request_id, identifiers, now, now + seconds)
        return self.requests[request_id]
