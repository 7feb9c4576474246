"""Listrak's Email API. Here alone a profile field is called a segmentation field.

Every method is one route of the published document, named in its body or in that of the function that it calls. Listrak
documents neither rate limits nor the words of an import's state and results, so nothing here depends on an exact word.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, BinaryIO

from listrak_relay.adapters.listrak import email_contact, email_imports
from listrak_relay.adapters.listrak.calls import START, ListrakCalls
from listrak_relay.adapters.listrak.http import ListrakHttp
from listrak_relay.adapters.listrak.values import Item, integer, required_text, text
from listrak_relay.domain.opt_outs.opt_out import OptOut
from listrak_relay.ports.listrak_email import (
    Contact,
    ContactPage,
    ImportOrder,
    ImportSummary,
    ListrakList,
    ProfileField,
    ProfileFieldGroup,
    ResultPage,
)
from listrak_relay.ports.listrak_imports import ImportStatus


class ListrakEmail:
    """`ports.listrak_email.EmailGateway` over HTTP."""

    def __init__(self, http: ListrakHttp) -> None:
        self._http, self._calls = http, ListrakCalls(http)

    def lists(self) -> list[ListrakList]:
        name = "GET List"

        def read(item: Item) -> ListrakList | None:
            usable = item.get("listId") is not None and item.get("listName")
            return ListrakList(integer(item, "listId", name), text(item, "listName")) if usable else None

        return [found for found in self._calls.collection("/List", name, read, never_null=True) if found]

    def groups(self, list_id: int) -> list[ProfileFieldGroup]:
        name = "GET SegmentationFieldGroup"

        def read(item: Item) -> ProfileFieldGroup:
            return ProfileFieldGroup(
                integer(item, "segmentationFieldGroupId", name),
                text(item, "segmentationFieldGroupName"),
                integer(item, "position", name, 0),
            )

        return self._calls.collection(_groups_path(list_id), name, read)

    def create_group(self, list_id: int, name: str, position: int) -> int:
        body = {"segmentationFieldGroupName": name, "position": position}
        return self._calls.create(_groups_path(list_id), "POST SegmentationFieldGroup", body)

    def fields(self, list_id: int, group_id: int) -> list[ProfileField]:
        name = "GET SegmentationField"

        def read(item: Item) -> ProfileField:
            return ProfileField(
                integer(item, "segmentationFieldId", name),
                group_id,
                text(item, "segmentationFieldName"),
                text(item, "dataType") or "Text",
                integer(item, "maxLength", name, 0),
                integer(item, "position", name, 0),
            )

        return self._calls.collection(_fields_path(list_id, group_id), name, read)

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

    def contacts(self, list_id: int, field_id: int, cursor: str | None, *, unsubscribed: bool = False) -> ContactPage:
        name = "GET Contact page"
        state = "Unsubscribed" if unsubscribed else "Subscribed"
        query = {"subscriptionState": state, "segmentationFieldIds": str(field_id)}

        def read(item: Item) -> Contact:
            # Whoever has the audience's mark and no address could not lose it.
            required_text(item, "emailAddress", name)
            return email_contact.contact_of(item, name)

        found, following = self._calls.page(f"/List/{list_id}/Contact", name, query, cursor or START, read)
        return ContactPage(tuple(found), following)

    def opt_out_pages(self, list_id: int, since: date, until: date) -> Iterator[list[OptOut]]:
        dates = {"startDate": since.isoformat(), "endDate": until.isoformat()}
        query = {"subscriptionState": "Unsubscribed", **dates}
        path, name = f"/List/{list_id}/Contact", "GET Contact page"
        for found, _ in self._calls.each_page(path, name, query, email_contact.opt_out_of):
            yield found

    def start_import(self, list_id: int, order: ImportOrder, size: int, body: BinaryIO) -> int:
        return email_imports.start_import(self._calls, list_id, order, size, body)

    def find_import(self, list_id: int, file_name: str, since: float) -> int | None:
        return email_imports.find_import(self._calls, list_id, file_name, since)

    def import_status(self, list_id: int, import_id: int) -> ImportStatus:
        return email_imports.import_status(self._calls, list_id, import_id)

    def import_summary(self, list_id: int, import_id: int) -> ImportSummary:
        return email_imports.import_summary(self._calls, list_id, import_id)

    def import_results(self, list_id: int, import_id: int, cursor: str | None = None) -> Iterator[ResultPage]:
        return email_imports.import_results(self._calls, list_id, import_id, cursor)

    def contact(self, list_id: int, email: str) -> Contact | None:
        """Raises ContactRefusedError too: Listrak takes no path with such an address in it."""
        return email_contact.find_contact(self._http, list_id, email)

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
        # Either kind is about the fields that are sent only. Of an empty value Listrak says nothing in either case.
        query = {"updateType": "Update" if all(values.values()) else "Overwrite"}
        if override_unsubscribe:
            query["overrideUnsubscribe"] = "true"
        if event_ids:
            query["eventIds"] = ",".join(map(str, event_ids))
        if send_double_opt_in:
            query["sendDoubleOptIn"] = "true"
        email_contact.save_contact(self._http, list_id, body, query, subscribed)


def _groups_path(list_id: int) -> str:
    return f"/List/{list_id}/SegmentationFieldGroup"


def _fields_path(list_id: int, group_id: int) -> str:
    return f"{_groups_path(list_id)}/{group_id}/SegmentationField"
