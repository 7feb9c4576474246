"""One contact of a list: looked up, created, updated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from listrak_relay.adapters.listrak.calls import refused
from listrak_relay.adapters.listrak.http import Call, ListrakHttp, ListrakRefusalError
from listrak_relay.adapters.listrak.values import contact_of, item_of
from listrak_relay.errors import ContactRefusedError
from listrak_relay.ports.listrak_email import Contact

_NOT_LOCATED, _UNKNOWN_ROUTE = "ERROR_UNABLE_TO_LOCATE_RESOURCE", "ERROR_UNKNOWN_ROUTE"

_SUBSCRIBED, _UNSUBSCRIBED = "ERROR_SUBSCRIBED_EMAIL_ADDRESS", "ERROR_UNSUBSCRIBED_EMAIL_ADDRESS"
_PENDING = "ERROR_PENDING_EMAIL_ADDRESS"

_ABOUT_THE_ADDRESS = frozenset(("ERROR_UNSAFE_ROUTE", "ERROR_INVALID_PARAMETER"))
"""Refusals of a path with an address in it, such as one with "&"."""

_ABOUT_THE_CONTACT = frozenset(
    (
        _SUBSCRIBED,
        _UNSUBSCRIBED,
        _PENDING,
        "ERROR_BANNED_EMAIL_ADDRESS",
        "ERROR_SUPPRESSED_EMAIL",
        "ERROR_NOT_SUBSCRIBED_EMAIL_ADDRESS",
        "ERROR_UPDATE_UNSUBSCRIBE_WITH_EVENTS",
        "ERROR_INVALID_PARAMETER",
    )
)
"""Refusals of this one contact, from Listrak's table of contact codes; any other 400 is about the request as such."""


def find_contact(http: ListrakHttp, list_id: int, email: str) -> Contact | None:
    """None if the list does not know the address.

    Raises:
        ContactRefusedError: Listrak takes no path with this address in it.
    """
    name = "GET Contact"
    path = f"/List/{list_id}/Contact/{quote(email, safe='@')}"
    try:
        answer = http.call(Call("GET", path, name, repeatable=True))
    except ListrakRefusalError as refusal:
        if refusal.status == HTTPStatus.NOT_FOUND and refusal.code == _NOT_LOCATED:
            return None
        # Many servers take an encoded slash for one that parts the path.
        if refusal.code in _ABOUT_THE_ADDRESS or (refusal.code == _UNKNOWN_ROUTE and "/" in email):
            raise ContactRefusedError(refusal.code) from None
        raise refused(refusal, name) from None
    return contact_of(item_of(answer, name), name)


def save_contact(
    http: ListrakHttp, list_id: int, body: Mapping[str, Any], query: Mapping[str, str], subscribed: bool | None
) -> None:
    """Raises ContactRefusedError. ``body`` is without a subscription state, which ``subscribed`` gives."""
    path = f"/List/{list_id}/Contact"
    if subscribed is None:
        _save(http, path, query, body, ())
    elif not subscribed:
        _save(http, path, query, {**body, "subscriptionState": "Unsubscribed"}, (_UNSUBSCRIBED,))
    elif not _save(http, path, query, {**body, "subscriptionState": "Subscribed"}, (_SUBSCRIBED, _PENDING)):
        # Refused as a whole, so the values and events are still to come. A contact that waits for its own opt-in
        # takes none, and that is all right.
        _save(http, path, query, body, (_PENDING,))


def _save(
    http: ListrakHttp, path: str, query: Mapping[str, str], body: Mapping[str, Any], already: Sequence[str]
) -> bool:
    """False: refused with a code of ``already``, the contact is as asked for."""
    name = "POST Contact"
    try:
        http.call(Call("POST", path, name, repeatable=True, query=query, json=body))
    except ListrakRefusalError as refusal:
        if refusal.code in already:
            return False
        if refusal.code in _ABOUT_THE_CONTACT:
            raise ContactRefusedError(refusal.code) from None
        raise refused(refusal, name) from None
    return True
