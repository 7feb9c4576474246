"""When a file was last dropped for each destination, in the ledger's table."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from listrak_relay.adapters.aws.dynamodb_table import ConditionFailedError, DynamoDbTable, Update
from listrak_relay.adapters.aws.ledger_items import drop_key
from listrak_relay.ports.time import DAY_SECONDS

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class DynamoDbDrops:
    """`ports.drops.DropRecord`."""

    def __init__(self, table_name: str, client: DynamoDBClient, retention_days: int) -> None:
        self._table = DynamoDbTable(table_name, client)
        self._kept_seconds = retention_days * DAY_SECONDS

    def note(self, destination: str, dropped_at: float) -> None:
        at = int(dropped_at)
        change = Update(
            drop_key(destination),
            "SET #dropped_at = :at, #expires_at = :end",
            "attribute_not_exists(#dropped_at) OR #dropped_at < :at",
            {"at": at, "end": at + self._kept_seconds},
        )
        with suppress(ConditionFailedError):
            self._table.update(change)

    def last(self, destination: str) -> float | None:
        item = self._table.get(drop_key(destination))
        return None if item is None else float(item["dropped_at"])
