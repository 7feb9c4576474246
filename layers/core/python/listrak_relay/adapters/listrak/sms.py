"""Listrak's SMS API. Here alone a sender code is called a short code and a profile field a segmentation field.

Every method is one route of the published document, named in its body. All of them say what is to be, not what is to
change, so each may be sent again when its answer was lost.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, BinaryIO
from urllib.parse import quote

from listrak_relay.adapters.listrak import sms_imports, sms_opt_outs
from listrak_relay.adapters.listrak.call import Call
from listrak_relay.adapters.listrak.calls import PAGE_SIZE, ListrakCalls
from listrak_relay.adapters.listrak.http import ListrakHttp
from listrak_relay.adapters.listrak.refusals import ListrakRefusalError, is_not_located
from listrak_relay.adapters.listrak.sms_refusals import SMS_ANSWERS, refused_number, refused_sms
from listrak_relay.adapters.listrak.values import (
    Item,
    flag,
    integer,
    item_of,
    moment_of,
    page_items_of,
    phone_number,
    text,
)
from listrak_relay.errors import ConfigurationError
from listrak_relay.ports.listrak_imports import ImportStatus
from listrak_relay.ports.listrak_sms import (
    NewContact,
    NumberPage,
    OptOutPage,
    PhoneList,
    SenderCode,
    SmsAnswer,
    SmsField,
    SmsImportOrder,
)

AGAIN_WITHIN_SECONDS = 5.0
"""Of a call that changes something: who says STOP meanwhile is to be noticed before it is made once more."""

_FACTS = {
    "first_name": "firstName",
    "last_name": "lastName",
    "email": "emailAddress",
    "birthday": "birthday",
    "postal_code": "postalCode",
}


class ListrakSms:
    """`ports.listrak_sms.SmsGateway` over HTTP."""

    def __init__(self, http: ListrakHttp) -> None:
        self._http, self._calls = http, ListrakCalls(http, explain=refused_sms)

    def sender_codes(self) -> list[SenderCode]:
        name = "GET ShortCode"

        def read(item: Item) -> SenderCode:
            return SenderCode(
                integer(item, "shortCodeId", name),
                text(item, "code"),
                text(item, "merchantName"),
                text(item, "country"),
            )

        return self._calls.collection("/ShortCode", name, read, never_null=True)

    def phone_lists(self, sender_code_id: int) -> list[PhoneList]:
        name, path = "GET PhoneList page", f"{_code(sender_code_id)}/PhoneList"

        def read(item: Item) -> PhoneList:
            return PhoneList(
                integer(item, "phoneListId", name),
                text(item, "phoneListName"),
                active=True,
                confirms=item.get("requireDoubleOptIn") is True or item.get("requireAgeGate") is True,
            )

        active, inactive = (
            list(self._calls.pages(path, name, {"status": status}, read)) for status in ("active", "inactive")
        )
        return [*active, *(replace(each, active=False) for each in inactive)]

    def fields(self, sender_code_id: int) -> list[SmsField]:
        name = "GET SegmentationField"

        def read(item: Item) -> SmsField:
            return SmsField(
                integer(item, "segmentationFieldId", name),
                text(item, "segmentationFieldName"),
                text(item, "dataType") or "Text",
                integer(item, "maxLength", name, 0),
                # Which words there are is not published; the error table knows disabled and purged fields.
                enabled=not text(item, "statusFlag").casefold().startswith(("disabled", "purged", "inactive")),
            )

        return self._calls.collection(f"{_code(sender_code_id)}/SegmentationField", name, read)

    def list_pages(self, sender_code_id: int, list_id: int, cursor: str | None = None) -> Iterator[NumberPage]:
        path = f"{_code(sender_code_id)}/PhoneList/{list_id}/Contact"

        def read(item: Item) -> str:
            return phone_number(item, "phoneNumber")

        pages = self._calls.each_page(path, "GET PhoneList Contact page", {"optedOut": "false"}, read, cursor)
        for numbers, following in pages:
            readable = tuple(filter(None, numbers))
            yield NumberPage(readable, following, len(numbers) - len(readable))

    def opt_out_pages(
        self, sender_code_id: int, since: float | None = None, cursor: str | None = None
    ) -> Iterator[OptOutPage]:
        return sms_opt_outs.opt_out_pages(self._calls, f"{_code(sender_code_id)}/OptOut", since, cursor)

    def opted_out(self, sender_code_id: int, number: str) -> bool | None:
        name = "GET Contact"
        call = Call("GET", f"{_code(sender_code_id)}/Contact/{_segment(number)}", name, repeatable=True)
        try:
            return self._http.ask(call, lambda answer: flag(item_of(answer, name), "optedOut", name))
        except ListrakRefusalError as refusal:
            if _is_unknown_number(refusal):
                return None
            raise refused_number(refusal, name) from None

    def left_list_at(self, sender_code_id: int, list_id: int, number: str) -> float | None:
        name = "GET Contact PhoneList"
        path = f"{_code(sender_code_id)}/Contact/{_segment(number)}/PhoneList"
        call = Call("GET", path, name, repeatable=True, query={"count": str(PAGE_SIZE)})

        def read(answer: Item) -> float | None:
            items = page_items_of(answer, name)
            of_list = next((item for item in items if integer(item, "phoneListId", name) == list_id), None)
            if of_list is None or text(of_list, "subscriptionState").casefold() == "subscribed":
                return None
            left_at = moment_of(of_list, "unsubscribeDate", name)
            return None if left_at is None else self._http.by_our_clock(left_at)

        try:
            return self._http.ask(call, read)
        except ListrakRefusalError as refusal:
            if _is_unknown_number(refusal):
                return None
            raise refused_number(refusal, name) from None

    def create(self, sender_code_id: int, list_id: int, contact: NewContact) -> SmsAnswer:
        path = f"{_code(sender_code_id)}/PhoneList/{list_id}/Contact"
        answer = self._change("POST", path, "POST Contact", _contact_body(contact))
        if answer is None:
            raise ConfigurationError("list_unknown", "POST Contact: the sender code or phone list is gone from Listrak")
        return answer

    def subscribe(self, sender_code_id: int, list_id: int, number: str) -> SmsAnswer:
        path = f"{_code(sender_code_id)}/Contact/{_segment(number)}/PhoneList/{list_id}"
        return self._change("POST", path, "POST Contact PhoneList") or SmsAnswer.UNKNOWN

    def unsubscribe(self, sender_code_id: int, list_id: int, number: str) -> SmsAnswer:
        path = f"{_code(sender_code_id)}/ContactUnsubscribe/{_segment(number)}/PhoneList/{list_id}"
        return self._change("DELETE", path, "DELETE ContactUnsubscribe") or SmsAnswer.UNKNOWN

    def start_import(self, sender_code_id: int, order: SmsImportOrder, size: int, body: BinaryIO) -> int:
        return sms_imports.start_import(self._calls, _code(sender_code_id), order, size, body)

    def import_status(self, sender_code_id: int, import_id: int) -> ImportStatus:
        return sms_imports.import_status(self._calls, _code(sender_code_id), import_id)

    def _change(self, method: str, path: str, name: str, body: Mapping[str, Any] | None = None) -> SmsAnswer | None:
        """None: something in the path is not there."""
        try:
            self._http.call(Call(method, path, name, repeatable=True, json=body, again_within=AGAIN_WITHIN_SECONDS))
        except ListrakRefusalError as refusal:
            if refusal.code in SMS_ANSWERS:
                return SMS_ANSWERS[refusal.code]
            if _is_unknown_number(refusal):
                return None
            raise refused_number(refusal, name) from None
        return SmsAnswer.DONE


def _is_unknown_number(refusal: ListrakRefusalError) -> bool:
    return is_not_located(refusal) or refusal.code == "ERROR_PHONE_NUMBER_NOT_FOUND"


def _code(sender_code_id: int) -> str:
    return f"/ShortCode/{sender_code_id}"


def _segment(number: str) -> str:
    """A plus in a path means a space to some servers."""
    return quote(number, safe="")


def _contact_body(contact: NewContact) -> dict[str, str]:
    body = {"phoneNumber": contact.number}
    body |= {_FACTS[name]: value for name, value in contact.values.items() if value and name in _FACTS}
    if "birthday" in body:
        body["birthday"] += "T00:00:00"
    return body
