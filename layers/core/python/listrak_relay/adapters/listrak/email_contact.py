"""One contact of an email list: looked up, created, updated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from listrak_relay.adapters.listrak.call import Call
from listrak_relay.adapters.listrak.email_refusals import (
    EMAIL_PENDING,
    EMAIL_SUBSCRIBED,
    EMAIL_UNSUBSCRIBED,
    refused_email_address,
    refused_email_contact,
)
from listrak_relay.adapters.listrak.http import ListrakHttp
from listrak_relay.adapters.listrak.refusals import ListrakRefusalError, is_not_located
from listrak_relay.adapters.listrak.values import (
    Item,
    integer,
    item_of,
    objects,
    required_text,
    text,
    written_moment,
)
from listrak_relay.domain.opt_outs.opt_out import OptOut
from listrak_relay.ports.listrak_email import Contact

_SUBSCRIBED = {"subscribed": True, "unsubscribed": False}
"""By state, of which these two are published."""


def find_contact(http: ListrakHttp, list_id: int, email: str) -> Contact | None:
    """None if the list does not know the address. That is asked twice: whoever is not on the list need not be
    unsubscribed, and a single wrong answer would leave somebody who wants no mail on it.

    Raises:
        ContactRefusedError: Listrak takes no path with this address in it.
    """
    return _find(http, list_id, email) or _find(http, list_id, email)


def _find(http: ListrakHttp, list_id: int, email: str) -> Contact | None:
    name = "GET Contact"
    path = f"/List/{list_id}/Contact/{quote(email, safe='@')}"
    try:
        return http.ask(Call("GET", path, name, repeatable=True), lambda answer: _contact_in(answer, name))
    except ListrakRefusalError as refusal:
        if is_not_located(refusal):
            return None
        raise refused_email_address(refusal, name, email) from None


def _contact_in(answer: Item, name: str) -> Contact:
    item = item_of(answer, name)
    required_text(item, "subscriptionState", name)
    return contact_of(item, name)


def save_contact(
    http: ListrakHttp, list_id: int, body: Mapping[str, Any], query: Mapping[str, str], subscribed: bool | None
) -> None:
    """Raises ContactRefusedError. ``body`` is without a subscription state, which ``subscribed`` gives."""
    path = f"/List/{list_id}/Contact"
    if subscribed is None:
        _save(http, path, query, body, ())
    elif not subscribed:
        _save(http, path, query, {**body, "subscriptionState": "Unsubscribed"}, (EMAIL_UNSUBSCRIBED,))
    elif not _save(http, path, query, {**body, "subscriptionState": "Subscribed"}, (EMAIL_SUBSCRIBED, EMAIL_PENDING)):
        # Refused as a whole, so the values and events are still to come. A contact that waits for its own opt-in
        # takes none, and that is all right.
        _save(http, path, query, body, (EMAIL_PENDING,))


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
        raise refused_email_contact(refusal, name) from None
    return True


def contact_of(item: Item, name: str) -> Contact:
    values = {
        integer(value, "segmentationFieldId", name): text(value, "value")
        for value in objects(item, "segmentationFieldValues", name)
        if value.get("segmentationFieldId") is not None
    }
    subscribed = _SUBSCRIBED.get(text(item, "subscriptionState").strip().casefold())
    return Contact(text(item, "emailAddress"), subscribed, values)


def opt_out_of(item: Item) -> OptOut:
    return OptOut(text(item, "emailAddress"), written_moment(item, "unsubscribeDate"), text(item, "unsubscribeMethod"))
