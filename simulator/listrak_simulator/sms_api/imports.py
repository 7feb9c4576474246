"""One import and how far it is. Listrak tells no counts and no rows' results; the counts here are for tests."""

from dataclasses import dataclass
from typing import Any

from listrak_simulator import clock
from listrak_simulator.import_status import DATA_UPLOADED, status_word


@dataclass
class ContactImport:
    import_id: int
    sender_code_id: int
    file_name: str
    created_at: float
    status: str = DATA_UPLOADED
    started_at: float | None = None
    ended_at: float | None = None
    rows: int = 0
    updated: int = 0
    unknown: int = 0
    """Rows whose number is no contact of the sender code, or no number at all: dropped without a word."""

    refused: int = 0
    """Rows of contacts with a value that its field does not take: dropped whole."""

    def describe(self, status_words: str) -> dict[str, Any]:
        """The published ImportContactFileStatus; ``status_words`` as the setting has them."""
        return {
            "importFileId": self.import_id,
            "smsSenderCodeId": self.sender_code_id,
            "fileName": self.file_name,
            "startDate": clock.as_api_date(self.started_at),
            "endDate": clock.as_api_date(self.ended_at),
            "status": status_word(self.status, status_words),
        }
