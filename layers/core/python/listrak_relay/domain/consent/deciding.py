"""Whether a file may be sent although a column's meaning is open, or no column tells consent."""

from __future__ import annotations

from collections.abc import Sequence

from listrak_relay.domain.consent.suspicion import UNSURE, Doubtful, unsure_problem
from listrak_relay.domain.destinations.choices import Channel, MissingOptStatus, UnsureOptStatus
from listrak_relay.domain.destinations.destinations import AudienceDestination
from listrak_relay.domain.values.names import listed
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


def check_none_is_demanded(headers: Sequence[str], destination: AudienceDestination, file: str) -> None:
    """Of a file with these columns, none of which tells consent.

    Raises:
        FileRejectedError: the destination demands one (code ``opt_status_missing``).
    """
    if destination.missing_opt_status is not MissingOptStatus.REJECT:
        return
    wanted = "to be texted" if destination.channel is Channel.SMS else "mail"
    raise FileRejectedError(
        "opt_status_missing",
        f"{file}: no column says who wants {wanted}, and destination {destination.name} has missing_opt_status: "
        "reject. "
        f"Add a column such as opt_in (the file has {listed(headers, headers)}); or, if everyone in the file "
        "has agreed to it, set missing_opt_status: subscribe in the destination; or missing_opt_status: update, which "
        "subscribes nobody",
    )
