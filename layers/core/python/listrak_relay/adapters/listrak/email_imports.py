"""List imports of the Email API: begun, found again, followed, and read as to what became of each contact."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, BinaryIO, TypeVar

from listrak_relay.adapters.listrak.call import Call
from listrak_relay.adapters.listrak.calls import PAGE_SIZE, ListrakCalls
from listrak_relay.adapters.listrak.refusals import ListrakRefusalError, is_missing, refused
from listrak_relay.adapters.listrak.values import Item, count_of, integer, item_of, status_of, text
from listrak_relay.domain.run.manifest import LARGEST_CHUNK_BYTES, Action
from listrak_relay.errors import ConfigurationError, RetryableError
from listrak_relay.ports.listrak_email import ImportOrder, ImportSummary, ResultPage
from listrak_relay.ports.listrak_imports import ImportStatus

T = TypeVar("T")

LARGE_BYTES = 150_000_000

IMPORT_TYPES = {
    Action.SUBSCRIBE: "AddSubscribersAndSegmentationData",
    Action.UPDATE: "UpdateSubscribers",
    Action.KEEP: "UpdateSubscribers",
    Action.UNSUBSCRIBE: "RemoveSubscribers",
}


def start_import(calls: ListrakCalls, list_id: int, order: ImportOrder, size: int, body: BinaryIO) -> int:
    def explain(refusal: ListrakRefusalError, name: str) -> ConfigurationError:
        # For a body that is too large the Data API documents 404; the Email API documents nothing.
        takes = f"; the file has {size} bytes, and Listrak takes about {LARGEST_CHUNK_BYTES:,}"
        hint = takes if size > LARGE_BYTES else ""
        return refused(refusal, name, hint)

    path = f"/List/{list_id}/ListImport"
    return calls.send_file(path, "POST ListImport", _import_values(order), body, size, explain)


def find_import(calls: ListrakCalls, list_id: int, file_name: str, since: float) -> int | None:
    name = "GET ListImport page"
    path, begin = f"/List/{list_id}/ListImport", datetime.fromtimestamp(since, UTC)
    seen = 0

    def read(item: Item) -> int | None:
        # Listrak may add to the name, as it would to one it had before; within a longer one ours is as unique.
        ours = file_name.casefold() in text(item, "importFileName").casefold()
        return integer(item, "importFileId", name) if ours else None

    for found in calls.pages(path, name, {"startDate": begin.strftime("%Y-%m-%dT%H:%M:%S")}, read):
        seen += 1
        if found is not None:
            return found
    if seen and seen % PAGE_SIZE == 0:
        # The published answer has no cursor. "Not there" would be a guess here, and could mean a second import.
        raise RetryableError(f"{name}: Listrak may have more imports of that day than the {seen} it lists")
    return None


def import_status(calls: ListrakCalls, list_id: int, import_id: int) -> ImportStatus:
    return _of_import(calls, list_id, import_id, "Status", status_of)


def import_summary(calls: ListrakCalls, list_id: int, import_id: int) -> ImportSummary:
    return _of_import(calls, list_id, import_id, "Summary", _summary_of)


def _summary_of(data: Item) -> ImportSummary:
    def count(name: str) -> int:
        return count_of(data, name, "GET ListImport Summary")

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


def import_results(calls: ListrakCalls, list_id: int, import_id: int, cursor: str | None) -> Iterator[ResultPage]:
    path = f"/List/{list_id}/ListImport/{import_id}/Contact"

    def read(item: Item) -> tuple[str, str]:
        return text(item, "emailAddress"), text(item, "importResult")

    for results, following in calls.each_page(path, "GET ListImport Contact page", {}, read, cursor):
        yield ResultPage(tuple(results), following)


def _of_import(calls: ListrakCalls, list_id: int, import_id: int, what: str, read: Callable[[Item], T]) -> T:
    name = f"GET ListImport {what}"
    call = Call("GET", f"/List/{list_id}/ListImport/{import_id}/{what}", name, repeatable=True)
    try:
        return calls.http.ask(call, lambda answer: read(item_of(answer, name)))
    except ListrakRefusalError as refusal:
        if is_missing(refusal):
            # The id is Listrak's own, so nobody could mend it; what was begun just now may show a little later.
            raise RetryableError(f"{name}: Listrak does not know the import ({refusal.code})") from None
        raise refused(refusal, name) from None


def _import_values(order: ImportOrder) -> dict[str, Any]:
    mappings: list[dict[str, Any]] = [{"fileColumn": 0, "fileColumnType": "Email"}]
    for column, field_id in enumerate(order.field_ids, start=1):
        mappings.append({"fileColumn": column, "fileColumnType": "SegmentationField", "segmentationFieldId": field_id})
    update_all = {"includeUnsubscribed": True} if order.include_unsubscribed else {}
    return {
        **update_all,
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
