"""Listrak's error codes, and what each means for the work: here a new one gets its meaning.

A code that is not named here is about the request as such, and stops the run (``listrak_refused``).
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from listrak_relay.adapters.listrak.http import ListrakRefusalError
from listrak_relay.errors import ConfigurationError, ContactRefusedError
from listrak_relay.ports.listrak_sms import SmsAnswer

_NOT_LOCATED, _UNKNOWN_ROUTE = "ERROR_UNABLE_TO_LOCATE_RESOURCE", "ERROR_UNKNOWN_ROUTE"

# --- email -----------------------------------------------------------------------------------------------------------

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

# --- SMS -------------------------------------------------------------------------------------------------------------

SMS_ANSWERS: Mapping[str, SmsAnswer] = {
    "ERROR_SUBSCRIBED_PHONE_NUMBER": SmsAnswer.ALREADY,
    "ERROR_PHONE_NUMBER_NOT_SUBSCRIBED": SmsAnswer.ALREADY,
    "ERROR_PENDING_PHONE_NUMBER": SmsAnswer.PENDING,
    "ERROR_PHONE_NUMBER_FOUND": SmsAnswer.KNOWN,
}
"""Refusals that are answers: it is so already, or is to be asked for in another way."""

_SMS_STOPS = {
    "ERROR_LIST_INACTIVE": ("list_inactive", "the phone list is inactive; activate it in Listrak"),
    "ERROR_SENDER_CODE_DISABLED": ("sender_code_disabled", "the sender code is disabled; have Listrak enable it"),
    "ERROR_INVALID_LIST_ID": ("list_unknown", "the phone list is gone from the sender code"),
}
"""Refusals that stop the run, and what to do."""

_SMS_REQUESTS = frozenset(
    (
        "ERROR_INVALID_JSON",
        "ERROR_MALFORMED_REQUEST_BODY",
        _UNKNOWN_ROUTE,
        "ERROR_UNSUPPORTED_CONTENT_TYPE",
        "ERROR_UNSUPPORTED_METHOD",
        "ERROR_UNSUPPORTED_PROTOCOL",
    )
)
"""Refusals of the call as such, which no other number would fare better with."""


def is_missing(refusal: ListrakRefusalError) -> bool:
    """What the path names is not there."""
    return refusal.status == HTTPStatus.NOT_FOUND


def is_not_located(refusal: ListrakRefusalError) -> bool:
    """What the path names is not there, by Listrak's own word and not by a route that nobody knows."""
    return is_missing(refusal) and refusal.code == _NOT_LOCATED


def refused(refusal: ListrakRefusalError, name: str, hint: str = "") -> ConfigurationError:
    return ConfigurationError("listrak_refused", f"{name}: Listrak answered {refusal.status} {refusal.code}{hint}")


def refused_email_address(refusal: ListrakRefusalError, name: str, email: str) -> Exception:
    """Of a call with an address in its path: Listrak's no to it, or to the run."""
    # Many servers take an encoded slash for one that parts the path.
    if refusal.code in _EMAIL_ADDRESSES or (refusal.code == _UNKNOWN_ROUTE and "/" in email):
        return ContactRefusedError(refusal.code)
    return refused(refusal, name)


def refused_email_contact(refusal: ListrakRefusalError, name: str) -> Exception:
    """Of a call that changes one contact: Listrak's no to it, or to the run."""
    return ContactRefusedError(refusal.code) if refusal.code in _EMAIL_CONTACTS else refused(refusal, name)


def refused_number(refusal: ListrakRefusalError, name: str) -> Exception:
    """Of a call about one number: Listrak's no to it, or to the run."""
    if refusal.code in _SMS_STOPS or refusal.code in _SMS_REQUESTS or refusal.status != HTTPStatus.BAD_REQUEST:
        return refused_sms(refusal, name)
    return ContactRefusedError(refusal.code)


def refused_sms(refusal: ListrakRefusalError, name: str) -> ConfigurationError:
    """Of any other call to the SMS API."""
    if refusal.code in _SMS_STOPS:
        code, meaning = _SMS_STOPS[refusal.code]
        return ConfigurationError(code, f"{name}: {meaning} and return the batches from the dead-letter queue")
    return refused(refusal, name)
