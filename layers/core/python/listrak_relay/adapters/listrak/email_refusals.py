"""Error codes of the Email API, and what each means for the work: here a new one gets its meaning.

A code that is not named here is about the request as such, and stops the run (``listrak_refused``).
"""

from __future__ import annotations

from listrak_relay.adapters.listrak.http import ListrakRefusalError
from listrak_relay.adapters.listrak.refusals import UNKNOWN_ROUTE, refused
from listrak_relay.errors import ContactRefusedError

EMAIL_SUBSCRIBED, EMAIL_UNSUBSCRIBED = "ERROR_SUBSCRIBED_EMAIL_ADDRESS", "ERROR_UNSUBSCRIBED_EMAIL_ADDRESS"
EMAIL_PENDING = "ERROR_PENDING_EMAIL_ADDRESS"

_EMAIL_ADDRESSES = frozenset(("ERROR_UNSAFE_ROUTE", "ERROR_INVALID_PARAMETER"))
"""Refusals of a path with an address in it, such as one with "&"."""

_EMAIL_CONTACTS = frozenset(
    (
        EMAIL_SUBSCRIBED,
        EMAIL_UNSUBSCRIBED,
        EMAIL_PENDING,
        "ERROR_BANNED_EMAIL_ADDRESS",
        "ERROR_SUPPRESSED_EMAIL",
        "ERROR_NOT_SUBSCRIBED_EMAIL_ADDRESS",
        "ERROR_UPDATE_UNSUBSCRIBE_WITH_EVENTS",
        "ERROR_INVALID_PARAMETER",
    )
)
"""Refusals of this one contact, from Listrak's table of contact codes."""


def refused_email_address(refusal: ListrakRefusalError, name: str, email: str) -> Exception:
    """Of a call with an address in its path: Listrak's no to it, or to the run."""
    # Many servers take an encoded slash for one that parts the path.
    if refusal.code in _EMAIL_ADDRESSES or (refusal.code == UNKNOWN_ROUTE and "/" in email):
        return ContactRefusedError(refusal.code, refusal.words)
    return refused(refusal, name)


def refused_email_contact(refusal: ListrakRefusalError, name: str) -> Exception:
    """Of a call that changes one contact: Listrak's no to it, or to the run."""
    if refusal.code in _EMAIL_CONTACTS:
        return ContactRefusedError(refusal.code, refusal.words)
    return refused(refusal, name)
