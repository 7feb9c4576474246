"""Error codes of the SMS API, and what each means for the work: here a new one gets its meaning.

A code that is not named here is Listrak's no to the number that the call is about.
"""

from __future__ import annotations

from collections.abc import Mapping

from listrak_relay.adapters.listrak.refusals import ListrakRefusalError, refused, refused_contact
from listrak_relay.errors import ConfigurationError
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


def refused_number(refusal: ListrakRefusalError, name: str) -> Exception:
    """Of a call about one number: Listrak's no to it, or to the run."""
    return refused_sms(refusal, name) if refusal.code in _SMS_STOPS else refused_contact(refusal, name)


def refused_sms(refusal: ListrakRefusalError, name: str) -> ConfigurationError:
    """Of any other call to the SMS API."""
    if refusal.code in _SMS_STOPS:
        code, meaning = _SMS_STOPS[refusal.code]
        return ConfigurationError(code, f"{name}: {meaning} and return the batches from the dead-letter queue")
    return refused(refusal, name)
