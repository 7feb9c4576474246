"""What the work on each run has used, in the table of the ledger: `ports.usage.UsageRecord`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from listrak_relay.adapters.aws import ledger_items as items
from listrak_relay.adapters.aws.dynamodb_table import DynamoDbTable, Update
from listrak_relay.domain.run.costs import COUNTERS, Usage
from listrak_relay.ports.time import DAY_SECONDS, Clock

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_DIGITS = 6  # of a GB-second


class DynamoDbUsage:
    """Items vanish ``retention_days`` after they were written last."""

    def __init__(self, table_name: str, client: DynamoDBClient, clock: Clock, retention_days: int = 90) -> None:
        self._table = DynamoDbTable(table_name, client)
        self._clock = clock
        self._retention = retention_days * DAY_SECONDS

    def add(self, run_id: str, usage: Usage) -> None:
        values = {name: round(usage[name], _DIGITS) for name in COUNTERS if usage.get(name)}
        if not values:
            return
        added = ", ".join(f"#{name} :{name}" for name in values)
        until = int(self._clock.now() + self._retention)
        change = f"SET #expires_at = :until ADD {added}"
        self._table.update(Update(items.usage_key(run_id), change, None, {**values, "until": until}))

    def of(self, run_id: str) -> Usage:
        item = self._table.get(items.usage_key(run_id)) or {}
        return {name: float(item[name]) for name in COUNTERS if name in item}
