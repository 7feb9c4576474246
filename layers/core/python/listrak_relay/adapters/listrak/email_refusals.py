"""Error codes of the Email API, and what each means for the work: here a new one gets its meaning."""

from __future__ import annotations

from listrak_relay.adapters.listrak.refusals import UNKNOWN_ROUTE, ListrakRefusalError, refused, refused_contact
from listrak_relay.errors import ContactRefusedError

EMAIL_SUBSCRIBED, EMAIL_UNSUBSCRIBED = "ERROR_SUBSCRIBED_EMAIL_ADDRESS", "ERROR_UNSUBSCRIBED_EMAIL_ADDRESS"
EMAIL_PENDING = "ERROR_PENDING_EMAIL_ADDRESS"

_EMAIL_ADDRESSES = frozenset(("ERROR_UNSAFE_ROUTE", "ERROR_INVALID_PARAMETER"))
"""Refusals of a path with an address in it, such as one with "&"."""


_OF_RUNS = frozenset(
    (
        "ERROR_TOO_MANY_SEGMENTATION_FIELDS",
        "ERROR_SEGMENTATION_FIELD_DEFINED_TWICE",
        "ERROR_SEGMENTATION_FIELD_GROUP_LIMIT_MET",
        "ERROR_UNSUBSCRIBE_WITH_EVENTS",
        "ERROR_UNSUBSCRIBE_WITH_SEGMENTATION_DATA",
        "ERROR_RESOURCE_DEPENDENCY",
        "ERROR_INTEGRATION_CANNOT_ACCESS_BETA_ROUTE",
    )
)
"""Refusals of what every contact of a run is sent with."""


def refused_email_contact(refusal: ListrakRefusalError, name: str) -> Exception:
    """Of a call that changes one contact: Listrak's no to it, or to the run."""
    return refused(refusal, name) if refusal.code in _OF_RUNS else refused_contact(refusal, name)


def refused_email_address(refusal: ListrakRefusalError, name: str, email: str) -> Exception:
    """Of a call with an address in its path: Listrak's no to it, or to the run."""
    # Many servers take an encoded slash for one that parts the path.
    if refusal.code in _EMAIL_ADDRESSES or (refusal.code == UNKNOWN_ROUTE and "/" in email):
        return ContactRefusedError(refusal.code, refusal.words)
    return refused(refusal, name)
