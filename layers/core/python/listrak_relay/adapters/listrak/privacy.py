"""Listrak's Privacy API, by which an account asks it to forget a person. It has an integration of a type of its own."""

from __future__ import annotations

from listrak_relay.adapters.listrak.call import Call
from listrak_relay.adapters.listrak.calls import ListrakCalls
from listrak_relay.adapters.listrak.http import ListrakHttp
from listrak_relay.adapters.listrak.values import text


class ListrakPrivacy:
    """Raises as `ListrakCalls` does."""

    def __init__(self, http: ListrakHttp) -> None:
        self._calls = ListrakCalls(http)

    def forget(self, person: str) -> str:
        """Submit a request to forget an email address or a phone number; returns its id at Listrak, empty if Listrak
        names none. A second one does no harm, so it is sent again when its answer was lost."""
        body = {"emailAddress": person} if "@" in person else {"phoneNumber": person}
        return text(self._calls.call(Call("POST", "/Forget", "POST Forget", repeatable=True, json=body)), "resourceId")
