"""Whether a file may be sent although a column's meaning is open."""

from __future__ import annotations

from listrak_relay.domain.consent.suspicion import UNSURE, Doubtful, unsure_problem
from listrak_relay.domain.destinations.destinations import AudienceDestination, UnsureOptStatus
from listrak_relay.errors import FileRejectedError


def agreed_consent(doubtful: Doubtful, destination: AudienceDestination, file: str) -> tuple[str, ...]:
    """Headers of the doubtful columns that are read as the opt status.

    Raises:
        FileRejectedError: it is not known whether a column tells consent (code ``opt_status_unsure``).
    """
    judged = doubtful.judged(destination.channel)
    if judged.unsure and destination.unsure_opt_status is UnsureOptStatus.REJECT:
        raise FileRejectedError(UNSURE, unsure_problem(file, judged.unsure, destination.name))
    return judged.read
