"""Refusals by Listrak of whatever channel; what the codes of a channel mean stands in a module of its own."""

from __future__ import annotations

from http import HTTPStatus

from listrak_relay.errors import CallFailedError, ConfigurationError, ContactRefusedError

NOT_LOCATED, UNKNOWN_ROUTE = "ERROR_UNABLE_TO_LOCATE_RESOURCE", "ERROR_UNKNOWN_ROUTE"

_OF_REQUESTS = frozenset(
    (
        "ERROR_INVALID_JSON",
        "ERROR_MALFORMED_REQUEST_BODY",
        UNKNOWN_ROUTE,
        "ERROR_UNSUPPORTED_CONTENT_TYPE",
        "ERROR_UNSUPPORTED_METHOD",
        "ERROR_UNSUPPORTED_PROTOCOL",
    )
)
"""Refusals of the call as such, which no other contact would fare better with."""

_OF_CONTACTS = frozenset((HTTPStatus.BAD_REQUEST, HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY))


class ListrakRefusalError(Exception):
    """Listrak answered 4xx: the call had no effect. Stays inside the adapters.

    ``code``: its error code, or the status in words. ``words``: what it says besides. ``parameter``: as
    `Answer.parameter`.
    """

    def __init__(self, status: int, code: str, words: str = "", parameter: str = "") -> None:
        super().__init__(f"Listrak answered {status} {code}")
        self.status = status
        self.code = code
        self.words = words
        self.parameter = parameter


def is_missing(refusal: ListrakRefusalError) -> bool:
    """What the path names is not there."""
    return refusal.status == HTTPStatus.NOT_FOUND


def is_not_located(refusal: ListrakRefusalError) -> bool:
    """What the path names is not there, by Listrak's own word and not by a route that nobody knows."""
    return is_missing(refusal) and refusal.code == NOT_LOCATED


def refused_contact(refusal: ListrakRefusalError, name: str) -> Exception:
    """Of a call about one contact: Listrak's no to it, whether its code is known or not, or to the run."""
    if refusal.parameter:
        return ConfigurationError(
            f"{refusal.parameter}_refused".lower(),
            f"{name}: Listrak does not take what the destination gives for {refusal.parameter} ({refusal.code}); "
            "correct it in the configuration and drop the file again",
        )
    if refusal.code.startswith("HTTP "):
        # Not Listrak's own words: something on the way answered for it, and may stop doing so.
        return CallFailedError(f"{name}: answered {refusal.status} without an error code of Listrak's")
    if refusal.status in _OF_CONTACTS and refusal.code not in _OF_REQUESTS:
        return ContactRefusedError(refusal.code, refusal.words)
    return refused(refusal, name)


def refused(refusal: ListrakRefusalError, name: str, hint: str = "") -> ConfigurationError:
    """Of a call that is wrong as such, as far as is known: it stops the run."""
    return ConfigurationError("listrak_refused", f"{name}: Listrak answered {refusal.status} {refusal.code}{hint}")
