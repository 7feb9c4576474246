"""How far the opt-outs of each list have been collected, in the ledger's table."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from listrak_relay.adapters.aws.dynamodb_table import ConditionFailedError, DynamoDbTable, Update
from listrak_relay.adapters.aws.ledger_items import collected_key
from listrak_relay.ports.time import DAY_SECONDS

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class DynamoDbCollected:
    """`ports.collecting.CollectedUntil`. An item vanishes ``retention_days`` after the time that it tells."""

    def __init__(self, table_name: str, client: DynamoDBClient, retention_days: int) -> None:
        self._table = DynamoDbTable(table_name, client)
        self._kept_seconds = retention_days * DAY_SECONDS

    def read_until(self, lane: str) -> float | None:
        item = self._table.get(collected_key(lane))
        return None if item is None else float(item["read_until"])

    def note(self, lane: str, read_until: float) -> None:
        until = int(read_until)
        change = Update(
            collected_key(lane),
            "SET #read_until = :until, #expires_at = :end",
            "attribute_not_exists(#read_until) OR #read_until < :until",
            {"until": until, "end": until + self._kept_seconds},
        )
        with suppress(ConditionFailedError):
            self._table.update(change)
