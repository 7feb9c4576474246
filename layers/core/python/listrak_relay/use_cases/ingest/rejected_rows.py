"""Whether a file that has been read has so many rejected rows that nothing of it is sent."""

from __future__ import annotations

from listrak_relay.domain.report.words import reason_words
from listrak_relay.domain.run import rejected_share
from listrak_relay.errors import FileRejectedError
from listrak_relay.ports.reading import IngestedAudience


def check_rejected(ingested: IngestedAudience, file: str, max_percent: float) -> None:
    """Raises FileRejectedError: of a file with rows to send, too many were rejected (code ``too_many_rejected``)."""
    rows = ingested.rows_read
    problem = rejected_share.problem(file, ingested.rejected, rows, ingested.reasons, max_percent, reason_words)
    if problem and ingested.chunks:
        raise FileRejectedError(rejected_share.TOO_MANY_REJECTED, problem, ingested.rejects)
