"""Listrak's Email API. Here alone a profile field is called a segmentation field.

Every method is one route of the published document, named in its body. Listrak documents neither rate limits nor the
words of an import's state and results, so nothing here depends on an exact word.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, BinaryIO

from listrak_relay.adapters.listrak import contact as listrak_contact
from listrak_relay.adapters.listrak.base64_body import Base64JsonBody, SizeMismatchError
from listrak_relay.adapters.listrak.calls import PAGE_SIZE, ListrakCalls, refused
from listrak_relay.adapters.listrak.http import Call, ListrakHttp, ListrakRefusalError
from listrak_relay.adapters.listrak.values import Item, contact_of, integer, item_of, resource_id, status_of, text
from listrak_relay.domain.run.manifest import LARGEST_CHUNK_BYTES, Action
from listrak_relay.errors import RetryableError
from listrak_relay.ports.listrak_email import (
    Contact,
    ContactPage,
    ImportOrder,
    ImportStatus,
    ImportSummary,
    ListrakList,
    ProfileField,
    ProfileFieldGroup,
)

LARGE_BYTES = 150_000_000

IMPORT_TYPES = {
    Action.SUBSCRIBE: "AddSubscribersAndSegmentationData",
    Action.UPDATE: "UpdateSubscribers",
    Action.UNSUBSCRIBE: "RemoveSubscribers",
}


class ListrakEmail:
    """`ports.listrak_email.EmailGateway` over HTTP."""

    def __init__(self, http: ListrakHttp) -> None:
        self._http, self._calls = http, ListrakCalls(http)

    def lists(self) -> list[ListrakList]:
        name = "GET List"
        return [
            ListrakList(integer(item, "listId", name), text(item, "listName"))
            for item in self._calls.collection("/List", name)
            if item.get("listId") is not None and item.get("listName")
        ]

    def groups(self, list_id: int) -> list[ProfileFieldGroup]:
        name = "GET SegmentationFieldGroup"
        return [
            ProfileFieldGroup(
                integer(item, "segmentationFieldGroupId", name),
                text(item, "segmentationFieldGroupName"),
                integer(item, "position", name, 0),
            )
            for item in self._calls.collection(_groups_path(list_id), name)
        ]

    def create_group(self, list_id: int, name: str, position: int) -> int:
        body = {"segmentationFieldGroupName": name, "position": position}
        return self._calls.create(_groups_path(list_id), "POST SegmentationFieldGroup", body)

    def fields(self, list_id: int, group_id: int) -> list[ProfileField]:
        name = "GET SegmentationField"
        return [
            ProfileField(
                integer(item, "segmentationFieldId", name),
                group_id,
                text(item, "segmentationFieldName"),
                text(item, "dataType") or "Text",
                integer(item, "maxLength", name, 0),
                integer(item, "position", name, 0),
            )
            for item in self._calls.collection(_fields_path(list_id, group_id), name)
        ]

    def create_field(
        self, list_id: int, group_id: int, name: str, data_type: str, max_length: int, position: int
    ) -> int:
        body = {
            "segmentationFieldName": name,
            "dataType": data_type,
            "maxLength": max_length,
            "position": position,
        }
        return self._calls.create(_fields_path(list_id, group_id), "POST SegmentationField", body)

    def clear_field(self, list_id: int, group_id: int, field_id: int) -> int:
        name = "DELETE SegmentationField Values"
        path = f"{_fields_path(list_id, group_id)}/{field_id}/Values"
        # A second clearing finds nothing left to clear.
        return resource_id(self._calls.call(Call("DELETE", path, name, repeatable=True)), name)

    def contacts(self, list_id: int, field_id: int, cursor: str | None) -> ContactPage:
        name = "GET Contact page"
        query = {"subscriptionState": "Subscribed", "segmentationFieldIds": str(field_id)}
        items, following = self._calls.page(f"/List/{list_id}/Contact", name, query, cursor or "Start")
        return ContactPage(tuple(contact_of(item, name) for item in items), following)

    def start_import(self, list_id: int, order: ImportOrder, size: int, body: BinaryIO) -> int:
        name = "POST ListImport"
        request = Base64JsonBody(_import_values(order), "fileStream", body, size)
        try:
            return resource_id(self._http.upload(f"/List/{list_id}/ListImport", name, request), name)
        except SizeMismatchError as error:
            raise RetryableError(f"{name}: {error}; nothing was imported") from None
        except ListrakRefusalError as refusal:
            # For a body that is too large the Data API documents 404; the Email API documents nothing.
            hint = (
                f"; the file has {size} bytes, and Listrak takes about {LARGEST_CHUNK_BYTES:,}"
                if size > LARGE_BYTES
                else ""
            )
            raise refused(refusal, name, hint) from None

    def find_import(self, list_id: int, file_name: str, since: float) -> int | None:
        name = "GET ListImport page"
        path, begin = f"/List/{list_id}/ListImport", datetime.fromtimestamp(since, UTC)
        seen = 0
        for item in self._calls.pages(path, name, {"startDate": begin.strftime("%Y-%m-%dT%H:%M:%S")}):
            seen += 1
            # Listrak may add to the name, as it would to one it had before; within a longer one ours is as unique.
            if file_name.casefold() in text(item, "importFileName").casefold():
                return integer(item, "importFileId", name)
        if seen and seen % PAGE_SIZE == 0:
            # The published answer has no cursor. "Not there" would be a guess here, and could mean a second import.
            raise RetryableError(f"{name}: Listrak may have more imports of that day than the {seen} it lists")
        return None

    def import_status(self, list_id: int, import_id: int) -> ImportStatus:
        return status_of(self._of_import(list_id, import_id, "Status"))

    def import_summary(self, list_id: int, import_id: int) -> ImportSummary:
        data = self._of_import(list_id, import_id, "Summary")

        def count(name: str) -> int:
            return integer(data, name, "GET ListImport Summary", 0)

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
        for item in self._calls.pages(path, "GET ListImport Contact page", {}):
            yield text(item, "emailAddress"), text(item, "importResult")

    def contact(self, list_id: int, email: str) -> Contact | None:
        """Raises ContactRefusedError too: Listrak takes no path with such an address in it."""
        return listrak_contact.find_contact(self._http, list_id, email)

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
        """Sent again after a lost answer, so an event may be raised twice: Listrak offers nothing to prevent it."""
        body: dict[str, Any] = {
            "emailAddress": email,
            "segmentationFieldValues": [{"segmentationFieldId": i, "value": v} for i, v in values.items()],
        }
        query = {"updateType": "Update"}
        if override_unsubscribe:
            query["overrideUnsubscribe"] = "true"
        if event_ids:
            query["eventIds"] = ",".join(map(str, event_ids))
        if send_double_opt_in:
            query["sendDoubleOptIn"] = "true"
        listrak_contact.save_contact(self._http, list_id, body, query, subscribed)

    def _of_import(self, list_id: int, import_id: int, what: str) -> Item:
        name = f"GET ListImport {what}"
        call = Call("GET", f"/List/{list_id}/ListImport/{import_id}/{what}", name, repeatable=True)
        try:
            return item_of(self._http.call(call), name)
        except ListrakRefusalError as refusal:
            if refusal.status == HTTPStatus.NOT_FOUND:
                # The id is Listrak's own, so nobody could mend it; what was begun just now may show a little later.
                raise RetryableError(f"{name}: Listrak does not know the import ({refusal.code})") from None
            raise refused(refusal, name) from None


def _groups_path(list_id: int) -> str:
    return f"/List/{list_id}/SegmentationFieldGroup"


def _fields_path(list_id: int, group_id: int) -> str:
    return f"{_groups_path(list_id)}/{group_id}/SegmentationField"


def _import_values(order: ImportOrder) -> dict[str, Any]:
    mappings: list[dict[str, Any]] = [{"fileColumn": 0, "fileColumnType": "Email"}]
    for column, field_id in enumerate(order.field_ids, start=1):
        mappings.append({"fileColumn": column, "fileColumnType": "SegmentationField", "segmentationFieldId": field_id})
    return {
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
