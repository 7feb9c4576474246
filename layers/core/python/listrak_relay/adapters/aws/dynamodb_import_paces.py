"""How long imports have taken, in the ledger's table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from listrak_relay.adapters.aws.dynamodb_table import DynamoDbTable, Update
from listrak_relay.adapters.aws.ledger_items import import_pace_key
from listrak_relay.ports.import_paces import ImportPace
from listrak_relay.ports.time import DAY_SECONDS, Clock

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class DynamoDbImportPaces:
    """`ports.import_paces.ImportPaces`."""

    def __init__(self, table_name: str, client: DynamoDBClient, clock: Clock, retention_days: int) -> None:
        self._table = DynamoDbTable(table_name, client)
        self._clock, self._kept_seconds = clock, retention_days * DAY_SECONDS

    def last(self, lane: str) -> ImportPace | None:
        item = self._table.get(import_pace_key(lane))
        return None if item is None else ImportPace(int(item["rows"]), float(item["seconds"]))

    def note(self, lane: str, pace: ImportPace) -> None:
        end = int(self._clock.now()) + self._kept_seconds
        values = {"rows": pace.rows, "seconds": round(pace.seconds, 1), "end": end}
        change = "SET #rows = :rows, #seconds = :seconds, #expires_at = :end"
        self._table.update(Update(import_pace_key(lane), change, None, values))
