"""Listrak's SMS API. Here alone a sender code is called a short code and a profile field a segmentation field.

Every method is one route of the published document, named in its body. All of them say what is to be, not what is to
change, so each may be sent again when its answer was lost.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any, BinaryIO
from urllib.parse import quote

from listrak_relay.adapters.listrak.base64_body import Base64JsonBody, SizeMismatchError
from listrak_relay.adapters.listrak.calls import PAGE_SIZE, ListrakCalls, refused
from listrak_relay.adapters.listrak.http import Call, ListrakHttp, ListrakRefusalError
from listrak_relay.adapters.listrak.values import integer, item_of, resource_id, status_of, text
from listrak_relay.errors import ConfigurationError, ContactRefusedError, RetryableError
from listrak_relay.ports.listrak_email import ImportStatus
from listrak_relay.ports.listrak_sms import NewContact, PhoneList, SenderCode, SmsAnswer, SmsField, SmsImportOrder

NOT_LOCATED = "ERROR_UNABLE_TO_LOCATE_RESOURCE"

_STOPS = {
    "ERROR_LIST_INACTIVE": ("list_inactive", "the phone list is inactive; activate it in Listrak"),
    "ERROR_SENDER_CODE_DISABLED": ("sender_code_disabled", "the sender code is disabled; have Listrak enable it"),
    "ERROR_INVALID_LIST_ID": ("list_unknown", "the phone list is gone from the sender code"),
}
"""Refusals that stop the run, and what to do."""

_ABOUT_THE_REQUEST = frozenset(
    (
        "ERROR_INVALID_JSON",
        "ERROR_MALFORMED_REQUEST_BODY",
        "ERROR_UNKNOWN_ROUTE",
        "ERROR_UNSUPPORTED_CONTENT_TYPE",
        "ERROR_UNSUPPORTED_METHOD",
        "ERROR_UNSUPPORTED_PROTOCOL",
    )
)
"""Refusals of the call as such, which no other number would fare better with."""

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
        self._http, self._calls = http, ListrakCalls(http, explain=_explained)

    def sender_codes(self) -> list[SenderCode]:
        name = "GET ShortCode"
        return [
            SenderCode(
                integer(item, "shortCodeId", name),
                text(item, "code"),
                text(item, "merchantName"),
                text(item, "country"),
            )
            for item in self._calls.collection("/ShortCode", name)
        ]

    def phone_lists(self, sender_code_id: int) -> list[PhoneList]:
        name, path = "GET PhoneList page", f"{_code(sender_code_id)}/PhoneList"
        return [
            PhoneList(
                integer(item, "phoneListId", name),
                text(item, "phoneListName"),
                active=status == "active",
                confirms=item.get("requireDoubleOptIn") is True or item.get("requireAgeGate") is True,
            )
            for status in ("active", "inactive")
            for item in self._calls.pages(path, name, {"status": status})
        ]

    def fields(self, sender_code_id: int) -> list[SmsField]:
        name = "GET SegmentationField"
        return [
            SmsField(
                integer(item, "segmentationFieldId", name),
                text(item, "segmentationFieldName"),
                text(item, "dataType") or "Text",
                integer(item, "maxLength", name, 0),
                # Which words there are is not published; the error table knows disabled and purged fields.
                enabled=not text(item, "statusFlag").casefold().startswith(("disabled", "purged", "inactive")),
            )
            for item in self._calls.collection(f"{_code(sender_code_id)}/SegmentationField", name)
        ]

    def list_pages(self, sender_code_id: int, list_id: int) -> Iterator[list[str]]:
        path = f"{_code(sender_code_id)}/PhoneList/{list_id}/Contact"
        for items in self._calls.each_page(path, "GET PhoneList Contact page", {"optedOut": "false"}):
            yield [text(item, "phoneNumber") for item in items]

    def opt_out_pages(self, sender_code_id: int) -> Iterator[list[str]]:
        name = "GET OptOut page"
        last = 0
        for items in self._calls.each_page(f"{_code(sender_code_id)}/OptOut", name, {}):
            last = len(items)
            yield [text(item, "phoneNumber") for item in items]
        if last >= PAGE_SIZE:
            # The published answer has no cursor. Taking a full last page for all there is would text people who left.
            raise RetryableError(f"{name}: Listrak may have more opt-outs than it lists")

    def opted_out(self, sender_code_id: int, number: str) -> bool | None:
        name = "GET Contact"
        call = Call("GET", f"{_code(sender_code_id)}/Contact/{_part(number)}", name, repeatable=True)
        try:
            item = item_of(self._http.call(call), name)
        except ListrakRefusalError as refusal:
            if _not_located(refusal):
                return None
            raise _final(refusal, name) from None
        if not isinstance(item.get("optedOut"), bool):
            raise RetryableError(f"{name}: the answer does not say whether the person has opted out")
        return bool(item["optedOut"])

    def create(self, sender_code_id: int, list_id: int, contact: NewContact) -> SmsAnswer:
        path = f"{_code(sender_code_id)}/PhoneList/{list_id}/Contact"
        answer = self._change("POST", path, "POST Contact", _contact_body(contact))
        if answer is None:
            raise ConfigurationError("list_unknown", "POST Contact: the sender code or phone list is gone from Listrak")
        return answer

    def subscribe(self, sender_code_id: int, list_id: int, number: str) -> SmsAnswer:
        path = f"{_code(sender_code_id)}/Contact/{_part(number)}/PhoneList/{list_id}"
        return self._change("POST", path, "POST Contact PhoneList") or SmsAnswer.UNKNOWN

    def unsubscribe(self, sender_code_id: int, list_id: int, number: str) -> SmsAnswer:
        path = f"{_code(sender_code_id)}/ContactUnsubscribe/{_part(number)}/PhoneList/{list_id}"
        # Whom the sender code does not know is on none of its lists.
        return self._change("DELETE", path, "DELETE ContactUnsubscribe") or SmsAnswer.ALREADY

    def start_import(self, sender_code_id: int, order: SmsImportOrder, size: int, body: BinaryIO) -> int:
        name = "POST ContactImport"
        request = Base64JsonBody(_import_values(order), "fileStream", body, size)
        try:
            return resource_id(self._http.upload(f"{_code(sender_code_id)}/ContactImport", name, request), name)
        except SizeMismatchError as error:
            raise RetryableError(f"{name}: {error}; nothing was imported") from None
        except ListrakRefusalError as refusal:
            raise _explained(refusal, name) from None

    def import_status(self, sender_code_id: int, import_id: int) -> ImportStatus:
        name = "GET ContactImport"
        call = Call("GET", f"{_code(sender_code_id)}/ContactImport/{import_id}", name, repeatable=True)
        try:
            return status_of(item_of(self._http.call(call), name))
        except ListrakRefusalError as refusal:
            if refusal.status == HTTPStatus.NOT_FOUND:
                raise RetryableError(f"{name}: Listrak does not know the import ({refusal.code})") from None
            raise _explained(refusal, name) from None

    def _change(self, method: str, path: str, name: str, body: Mapping[str, Any] | None = None) -> SmsAnswer | None:
        """None: something in the path is not there."""
        try:
            self._http.call(Call(method, path, name, repeatable=True, json=body))
        except ListrakRefusalError as refusal:
            if refusal.code in _ANSWERS:
                return _ANSWERS[refusal.code]
            if _not_located(refusal):
                return None
            raise _final(refusal, name) from None
        return SmsAnswer.DONE


_ANSWERS = {
    "ERROR_SUBSCRIBED_PHONE_NUMBER": SmsAnswer.ALREADY,
    "ERROR_PHONE_NUMBER_NOT_SUBSCRIBED": SmsAnswer.ALREADY,
    "ERROR_PENDING_PHONE_NUMBER": SmsAnswer.PENDING,
    "ERROR_PHONE_NUMBER_FOUND": SmsAnswer.KNOWN,
}


def _code(sender_code_id: int) -> str:
    return f"/ShortCode/{sender_code_id}"


def _part(number: str) -> str:
    """A plus in a path means a space to some servers."""
    return quote(number, safe="")


def _contact_body(contact: NewContact) -> dict[str, str]:
    body = {"phoneNumber": contact.number}
    body |= {_FACTS[name]: value for name, value in contact.values.items() if value and name in _FACTS}
    if "birthday" in body:
        body["birthday"] += "T00:00:00"
    return body


def _import_values(order: SmsImportOrder) -> dict[str, Any]:
    """Listrak publishes no property for the delimiter, so it is the comma."""
    mappings = [{"fileColumn": 0, "fileColumnType": "Phone", "segmentationFieldId": 0}]
    for column, field_id in enumerate(order.field_ids, start=1):
        mappings.append({"fileColumn": column, "fileColumnType": "SegmentationField", "segmentationFieldId": field_id})
    return {
        "fileName": order.file_name,
        "textQualifier": '"',
        "hasColumnNames": False,
        "importType": "UpdateSubscribers",
        "fileMappings": mappings,
    }


def _not_located(refusal: ListrakRefusalError) -> bool:
    return refusal.status == HTTPStatus.NOT_FOUND and refusal.code == NOT_LOCATED


def _final(refusal: ListrakRefusalError, name: str) -> Exception:
    """Of a call about one number: Listrak's no to it, or to the run."""
    if refusal.code in _STOPS or refusal.code in _ABOUT_THE_REQUEST or refusal.status != HTTPStatus.BAD_REQUEST:
        return _explained(refusal, name)
    return ContactRefusedError(refusal.code)


def _explained(refusal: ListrakRefusalError, name: str) -> ConfigurationError:
    if refusal.code in _STOPS:
        code, meaning = _STOPS[refusal.code]
        return ConfigurationError(code, f"{name}: {meaning} and return the batches from the dead-letter queue")
    return refused(refusal, name)
