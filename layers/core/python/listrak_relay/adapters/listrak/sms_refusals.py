"""Error codes of the SMS API, and what each means for the work: here a new one gets its meaning.

A code that is not named here is Listrak's no to the number that the call is about.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from listrak_relay.adapters.listrak.http import ListrakRefusalError
from listrak_relay.adapters.listrak.refusals import UNKNOWN_ROUTE, refused
from listrak_relay.errors import ConfigurationError, ContactRefusedError
from listrak_relay.ports.listrak_sms import SmsAnswer

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
        UNKNOWN_ROUTE,
        "ERROR_UNSUPPORTED_CONTENT_TYPE",
        "ERROR_UNSUPPORTED_METHOD",
        "ERROR_UNSUPPORTED_PROTOCOL",
    )
)
"""Refusals of the call as such, which no other number would fare better with."""


def refused_number(refusal: ListrakRefusalError, name: str) -> Exception:
    """Of a call about one number: Listrak's no to it, or to the run."""
    if refusal.code in _SMS_STOPS or refusal.code in _SMS_REQUESTS or refusal.status != HTTPStatus.BAD_REQUEST:
        return refused_sms(refusal, name)
    return ContactRefusedError(refusal.code, refusal.words)


def refused_sms(refusal: ListrakRefusalError, name: str) -> ConfigurationError:
    """Of any other call to the SMS API."""
    if refusal.code in _SMS_STOPS:
        code, meaning = _SMS_STOPS[refusal.code]
        return ConfigurationError(code, f"{name}: {meaning} and return the batches from the dead-letter queue")
    return refused(refusal, name)
