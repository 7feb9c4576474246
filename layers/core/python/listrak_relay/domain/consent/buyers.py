"""Whoever has bought something has not asked for messages."""

from __future__ import annotations

from listrak_relay.domain.consent.suspicion import UNSURE
from listrak_relay.domain.destinations.choices import MissingOptStatus, UnsureOptStatus
from listrak_relay.domain.destinations.destinations import AudienceDestination
from listrak_relay.errors import FileRejectedError


def check_buyers(destination: AudienceDestination, file: str) -> None:
    """``file``: drop key of a file of orders, of which no column says what people want.

    Raises:
        FileRejectedError: the destination would subscribe every buyer (code ``opt_status_unsure``).
    """
    subscribes = destination.missing_opt_status is MissingOptStatus.SUBSCRIBE
    meant = destination.data_template is not None or destination.unsure_opt_status is not UnsureOptStatus.REJECT
    if subscribes and not meant:
        raise FileRejectedError(
            UNSURE,
            f"{file}: its columns are those of a file of orders, and none says whether the buyers want messages, so "
            "all of them would be subscribed. Nothing was sent. Drop it under the destination orders; or, if it is an "
            "audience, add a column opt_in, or set missing_opt_status: update in destination "
            f"{destination.name}, which subscribes nobody; or, if all in its files have agreed, unsure_opt_status: "
            "subscribe",
        )
