"""Counts what boto3's clients of this process ask of AWS, in what AWS charges for."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from listrak_relay.domain.run.costs import Usage

_S3_WRITES = frozenset(
    {
        *("PutObject", "CopyObject", "CreateMultipartUpload", "UploadPart", "UploadPartCopy"),
        *("CompleteMultipartUpload", "ListObjectsV2", "ListObjectVersions", "ListMultipartUploads"),
    }
)
_S3_FREE = frozenset({"DeleteObject", "DeleteObjects", "AbortMultipartUpload"})
_TABLE_READS = frozenset({"GetItem", "BatchGetItem", "Query", "Scan", "TransactGetItems"})
_IN_A_TRANSACTION = 2
"""Units for each kilobyte, of which the ledger's items seldom have more than one."""


class CallCounter:
    """By any number of threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[str, float] = {}

    def watch(self, client: Any) -> Any:
        """Count the calls of a client from now on; returns it. A call that was tried several times counts once."""
        service = client.meta.service_model.service_name
        events = client.meta.events
        if service == "dynamodb":
            events.register("before-parameter-build.dynamodb", _ask_for_units)
        if service in _COUNTED:
            events.register(f"after-call.{service}", self._note)
        return client

    def take(self) -> Usage:
        """What was counted since the last time."""
        with self._lock:
            taken, self._counts = self._counts, {}
        return taken

    def _note(self, *, parsed: Mapping[str, Any], model: Any, **_: Any) -> None:
        name, amount = _COUNTED[model.service_model.service_name](model.name, parsed)
        if amount:
            with self._lock:
                self._counts[name] = self._counts.get(name, 0.0) + amount


def _ask_for_units(*, params: dict[str, Any], model: Any, **_: Any) -> None:
    if "ReturnConsumedCapacity" in model.input_shape.members:
        params.setdefault("ReturnConsumedCapacity", "TOTAL")


def _of_dynamodb(operation: str, parsed: Mapping[str, Any]) -> tuple[str, float]:
    name = "read_units" if operation in _TABLE_READS else "write_units"
    consumed = parsed.get("ConsumedCapacity") or ()
    tables = consumed if isinstance(consumed, list | tuple) else (consumed,)
    units = sum(float(table.get("CapacityUnits", 0)) for table in tables)
    # A write whose condition did not hold is charged, and its answer does not say so.
    return name, units or (_IN_A_TRANSACTION if operation.startswith("Transact") else 1)


def _of_s3(operation: str, _: Mapping[str, Any]) -> tuple[str, float]:
    return ("s3_writes" if operation in _S3_WRITES else "s3_reads"), float(operation not in _S3_FREE)


def _of_sqs(_: str, __: Mapping[str, Any]) -> tuple[str, float]:
    return "sqs_requests", 1


_COUNTED = {"dynamodb": _of_dynamodb, "s3": _of_s3, "sqs": _of_sqs}

CALLS = CallCounter()
"""Of all clients of this process."""
