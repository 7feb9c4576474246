"""Listrak's Email API. Here alone a profile field is called a segmentation field.

Every method is one route of the published document, named in its body. Listrak documents neither rate limits nor the
words of an import's state and results, so nothing here depends on an exact word.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, BinaryIO
from urllib.parse import parse_qs, quote, urlsplit

from listrak_relay.adapters.base64_body import Base64JsonBody
from listrak_relay.adapters.listrak_http import Call, ListrakHttp, ListrakRefusalError
from listrak_relay.domain.audience import Action
from listrak_relay.errors import ConfigurationError, ContactRefusedError, OutcomeUnknownError
from listrak_relay.ports import (
    Contact,
    ContactPage,
    ImportOrder,
    ImportStatus,
    ImportSummary,
    ListrakList,
    ProfileField,
    ProfileFieldGroup,
)

PAGE_SIZE = 5000
"""The most that Listrak gives on a page."""

LARGE_BYTES = 150_000_000

IMPORT_TYPES = {
    Action.SUBSCRIBE: "AddSubscribersAndSegmentationData",
    Action.UPDATE: "UpdateSubscribers",
    Action.UNSUBSCRIBE: "RemoveSubscribers",
}


class ListrakEmail:
    """`ports.EmailGateway` over HTTP."""

    def __init__(self, http: ListrakHttp) -> None:
        self._http = http

    def lists(self) -> list[ListrakList]:
        return [
            ListrakList(int(item["listId"]), str(item["listName"]))
            for item in self._collection("/List", "GET List")
            if item.get("listId") is not None and item.get("listName")
        ]

    def groups(self, list_id: int) -> list[ProfileFieldGroup]:
        return [
            ProfileFieldGroup(
                int(item["segmentationFieldGroupId"]),
                str(item.get("segmentationFieldGroupName") or ""),
                int(item.get("position") or 0),
            )
            for item in self._collection(f"/List/{list_id}/SegmentationFieldGroup", "GET SegmentationFieldGroup")
        ]

    def create_group(self, list_id: int, name: str, position: int) -> int:
        body = {"segmentationFieldGroupName": name, "position": position}
        return self._create(f"/List/{list_id}/SegmentationFieldGroup", "POST SegmentationFieldGroup", body)

    def fields(self, list_id: int, group_id: int) -> list[ProfileField]:
        path = f"/List/{list_id}/SegmentationFieldGroup/{group_id}/SegmentationField"
        return [
            ProfileField(
                int(item["segmentationFieldId"]),
                group_id,
                str(item.get("segmentationFieldName") or ""),
                str(item.get("dataType") or "Text"),
                int(item.get("maxLength") or 0),
                int(item.get("position") or 0),
            )
            for item in self._collection(path, "GET SegmentationField")
        ]

    def create_field(
        self, list_id: int, group_id: int, name: str, data_type: str, max_length: int, position: int
    ) -> int:
        path = f"/List/{list_id}/SegmentationFieldGroup/{group_id}/SegmentationField"
        body = {
            "segmentationFieldName": name,
            "dataType": data_type,
            "maxLength": max_length,
            "position": position,
        }
        return self._create(path, "POST SegmentationField", body)

    def clear_field(self, list_id: int, group_id: int, field_id: int) -> int:
        path = f"/List/{list_id}/SegmentationFieldGroup/{group_id}/SegmentationField/{field_id}/Values"
        return _resource_id(self._call(Call("DELETE", path, "DELETE SegmentationField Values", repeatable=True)))

    def contacts(self, list_id: int, field_id: int, cursor: str | None) -> ContactPage:
        query = {
            "subscriptionState": "Subscribed",
            "segmentationFieldIds": str(field_id),
            "cursor": cursor or "Start",
            "count": str(PAGE_SIZE),
        }
        items, next_cursor = self._page(f"/List/{list_id}/Contact", "GET Contact page", query)
        return ContactPage(tuple(_contact(item) for item in items), next_cursor)

    def start_import(self, list_id: int, order: ImportOrder, size: int, body: BinaryIO) -> int:
        mappings: list[dict[str, Any]] = [{"fileColumn": 0, "fileColumnType": "Email"}]
        for column, field_id in enumerate(order.field_ids, start=1):
            mappings.append(
                {"fileColumn": column, "fileColumnType": "SegmentationField", "segmentationFieldId": field_id}
            )
        values = {
            "fileName": order.file_name,
            "fileDelimiter": ",",
            "textQualifier": '"',
            "hasColumnNames": False,
            "importType": IMPORT_TYPES[order.action],
            "segmentationImportType": "Update",
            "suppressEmailNotifications": True,
            "triggerJourney": order.trigger_journey,
            "fileMappings": mappings,
        }
        request = Base64JsonBody(values, "fileStream", body, size)
        call = Call("POST", f"/List/{list_id}/ListImport", "POST ListImport", repeatable=False, body=request)
        try:
            return _resource_id(self._call(call))
        except ConfigurationError as error:
            # For a body that is too large the Data API documents 404; the Email API documents nothing.
            hint = f"; the file has {size} bytes, and Listrak takes about 195,000,000" if size > LARGE_BYTES else ""
            raise ConfigurationError(error.code, f"{error}{hint}") from error

    def find_import(self, list_id: int, file_name: str, since: float) -> int | None:
        begin = datetime.fromtimestamp(since, UTC).strftime("%Y-%m-%dT%H:%M:%S")
        query = {"startDate": begin, "cursor": "Start", "count": str(PAGE_SIZE)}
        for item in self._pages(f"/List/{list_id}/ListImport", "GET ListImport page", query):
            if item.get("importFileName") == file_name:
                return int(item["importFileId"])
        return None

    def import_status(self, list_id: int, import_id: int) -> ImportStatus:
        data = self._data(f"/List/{list_id}/ListImport/{import_id}/Status", "GET ListImport Status")
        raw = str(data.get("status") or "")
        word = raw.casefold()
        failed = "fail" in word or "error" in word
        completed = "complet" in word and "incomplet" not in word
        return ImportStatus(bool(data.get("endDate")) or failed or completed, failed, raw)

    def import_summary(self, list_id: int, import_id: int) -> ImportSummary:
        data = self._data(f"/List/{list_id}/ListImport/{import_id}/Summary", "GET ListImport Summary")

        def count(name: str) -> int:
            return int(data.get(name) or 0)

        return ImportSummary(
            subscribed=count("subscribedCount"),
            already_subscribed=count("alreadySubscribedCount"),
            unsubscribed=count("unsubscribedCount"),
            already_unsubscribed=count("alreadyUnsubscribedCount"),
            previously_unsubscribed=count("previouslyUnsubscribedCount"),
            banned=count("bannedCount"),
            invalid=count("invalidEmailCount"),
            suppressed=count("suppressedCount"),
            skipped=count("skippedCount"),
            processed=count("processedCount"),
        )

    def import_results(self, list_id: int, import_id: int) -> Iterator[tuple[str, str]]:
        path = f"/List/{list_id}/ListImport/{import_id}/Contact"
        for item in self._pages(path, "GET ListImport Contact page", {"cursor": "Start", "count": str(PAGE_SIZE)}):
            yield str(item.get("emailAddress") or ""), str(item.get("importResult") or "")

    def contact(self, list_id: int, email: str) -> Contact | None:
        path = f"/List/{list_id}/Contact/{quote(email, safe='@')}"
        try:
            answer = self._http.call(Call("GET", path, "GET Contact", repeatable=True))
        except ListrakRefusalError as refusal:
            if refusal.status == HTTPStatus.NOT_FOUND:
                return None
            raise _configuration(refusal, "GET Contact") from refusal
        data = answer.get("data")
        return _contact(data) if isinstance(data, dict) else None

    def save_contact(
        self,
        list_id: int,
        email: str,
        *,
        subscribed: bool | None,
        values: Mapping[int, str],
        override_unsubscribe: bool = False,
        event_ids: Sequence[int] = (),
        send_double_opt_in: bool = False,
    ) -> None:
        body: dict[str, Any] = {
            "emailAddress": email,
            "segmentationFieldValues": [{"segmentationFieldId": i, "value": v} for i, v in values.items()],
        }
        if subscribed is not None:
            body["subscriptionState"] = "Subscribed" if subscribed else "Unsubscribed"
        query = {"updateType": "Update"}
        if override_unsubscribe:
            query["overrideUnsubscribe"] = "true"
        if event_ids:
            query["eventIds"] = ",".join(map(str, event_ids))
        if send_double_opt_in:
            query["sendDoubleOptIn"] = "true"
        path = f"/List/{list_id}/Contact"
        try:
            self._http.call(Call("POST", path, "POST Contact", repeatable=True, query=query, json=body))
        except ListrakRefusalError as refusal:
            if refusal.code in _ALREADY_SO:
                return
            if refusal.code in _ABOUT_THE_CONTACT:
                raise ContactRefusedError(refusal.code) from None
            raise _configuration(refusal, "POST Contact") from refusal

    def _call(self, call: Call) -> dict[str, Any]:
        try:
            return self._http.call(call)
        except ListrakRefusalError as refusal:
            raise _configuration(refusal, call.name) from refusal

    def _create(self, path: str, name: str, body: Mapping[str, Any]) -> int:
        return _resource_id(self._call(Call("POST", path, name, repeatable=False, json=body)))

    def _data(self, path: str, name: str) -> dict[str, Any]:
        data = self._call(Call("GET", path, name, repeatable=True)).get("data")
        return data if isinstance(data, dict) else {}

    def _collection(self, path: str, name: str) -> list[dict[str, Any]]:
        return list(self._call(Call("GET", path, name, repeatable=True)).get("data") or [])

    def _page(self, path: str, name: str, query: Mapping[str, str]) -> tuple[list[dict[str, Any]], str | None]:
        answer = self._call(Call("GET", path, name, repeatable=True, query=query))
        return list(answer.get("data") or []), _cursor(answer.get("nextPageCursor"))

    def _pages(self, path: str, name: str, query: Mapping[str, str]) -> Iterator[dict[str, Any]]:
        """Every item; a cursor that comes twice ends it, lest a fault turn it into an endless loop."""
        seen: set[str] = set()
        cursor: str | None = query["cursor"]
        while cursor and cursor not in seen:
            seen.add(cursor)
            items, cursor = self._page(path, name, {**query, "cursor": cursor})
            yield from items


_ALREADY_SO = frozenset(
    ("ERROR_SUBSCRIBED_EMAIL_ADDRESS", "ERROR_UNSUBSCRIBED_EMAIL_ADDRESS", "ERROR_PENDING_EMAIL_ADDRESS")
)
"""The contact is already as asked for, or waits for its own opt-in."""

_ABOUT_THE_CONTACT = frozenset(
    (
        "ERROR_BANNED_EMAIL_ADDRESS",
        "ERROR_SUPPRESSED_EMAIL",
        "ERROR_NOT_SUBSCRIBED_EMAIL_ADDRESS",
        "ERROR_UPDATE_UNSUBSCRIBE_WITH_EVENTS",
        "ERROR_INVALID_PARAMETER",
    )
)
"""Refusals of this one contact, from Listrak's table of contact codes; any other 400 is about the request as such."""


def _configuration(refusal: ListrakRefusalError, name: str) -> ConfigurationError:
    return ConfigurationError("listrak_refused", f"{name}: Listrak answered {refusal.status} {refusal.code}")


def _cursor(value: object) -> str | None:
    """The published text calls it both a value for ``cursor`` and the address of the next page, so both will do."""
    if not isinstance(value, str) or not value:
        return None
    return parse_qs(urlsplit(value).query).get("cursor", [value])[0]


def _contact(item: Mapping[str, Any]) -> Contact:
    values = {
        int(value["segmentationFieldId"]): str(value.get("value") or "")
        for value in item.get("segmentationFieldValues") or []
        if value.get("segmentationFieldId") is not None
    }
    state = str(item.get("subscriptionState") or "")
    return Contact(str(item.get("emailAddress") or ""), state.casefold() == "subscribed", values)


def _resource_id(answer: Mapping[str, Any]) -> int:
    """Listrak gives ids as text."""
    try:
        return int(str(answer.get("resourceId")))
    except ValueError:
        raise OutcomeUnknownError("Listrak's answer names no resource") from None
