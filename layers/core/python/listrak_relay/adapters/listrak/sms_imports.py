"""Imports of profile values through the SMS API. Listrak gives neither counts nor results of them."""

from __future__ import annotations

from typing import Any, BinaryIO

from listrak_relay.adapters.listrak.call import Call
from listrak_relay.adapters.listrak.calls import ListrakCalls
from listrak_relay.adapters.listrak.refusals import ListrakRefusalError, is_missing
from listrak_relay.adapters.listrak.sms_refusals import refused_sms
from listrak_relay.adapters.listrak.values import item_of, status_of
from listrak_relay.errors import RetryableError
from listrak_relay.ports.listrak_imports import ImportStatus
from listrak_relay.ports.listrak_sms import SmsImportOrder


def start_import(calls: ListrakCalls, sender: str, order: SmsImportOrder, size: int, body: BinaryIO) -> int:
    """``sender``: path of the sender code."""
    return calls.send_file(f"{sender}/ContactImport", "POST ContactImport", _import_values(order), body, size)


def import_status(calls: ListrakCalls, sender: str, import_id: int) -> ImportStatus:
    name = "GET ContactImport"
    call = Call("GET", f"{sender}/ContactImport/{import_id}", name, repeatable=True)
    try:
        return calls.http.ask(call, lambda answer: status_of(item_of(answer, name)))
    except ListrakRefusalError as refusal:
        if is_missing(refusal):
            raise RetryableError(f"{name}: Listrak does not know the import ({refusal.code})") from None
        raise refused_sms(refusal, name) from None


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
