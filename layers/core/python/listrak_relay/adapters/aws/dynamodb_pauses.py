"""What an operator has paused, in the ledger's table."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from listrak_relay.adapters.aws.dynamodb_table import ConditionFailedError, DynamoDbTable, Update
from listrak_relay.adapters.aws.dynamodb_values import Item
from listrak_relay.adapters.aws.ledger_items import PAUSES, pause_key
from listrak_relay.ports.pauses import Pause
from listrak_relay.ports.time import DAY_SECONDS

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_ENDED_KEPT_DAYS = 120
"""Longer than any run can be open: until then a run is not held to the time in which it was paused."""


class DynamoDbPauses:
    """`ports.pauses.PauseBook`."""

    def __init__(self, table_name: str, client: DynamoDBClient) -> None:
        self._table = DynamoDbTable(table_name, client)

    def find(self, name: str) -> Pause | None:
        item = self._table.get(pause_key(name))
        return None if item is None else _pause(item)

    def lasting(self) -> dict[str, Pause]:
        items = self._table.query("#pk = :pk", {"pk": PAUSES})
        found = {str(item["sk"]): _pause(item) for item in items}
        return {name: pause for name, pause in found.items() if pause.lasts}

    def pause(self, name: str, at: float) -> None:
        when = "attribute_not_exists(#since) OR attribute_exists(#resumed_at)"
        change = "SET #since = :at REMOVE #resumed_at, #expires_at"
        self._unless_so(Update(pause_key(name), change, when, {"at": int(at)}))

    def resume(self, name: str, at: float) -> None:
        when = "attribute_exists(#since) AND attribute_not_exists(#resumed_at)"
        change = "SET #resumed_at = :at, #expires_at = :end"
        end = int(at) + _ENDED_KEPT_DAYS * DAY_SECONDS
        self._unless_so(Update(pause_key(name), change, when, {"at": int(at), "end": end}))

    def _unless_so(self, change: Update) -> None:
        with suppress(ConditionFailedError):
            self._table.update(change)


def _pause(item: Item) -> Pause:
    resumed_at = item.get("resumed_at")
    return Pause(float(item["since"]), None if resumed_at is None else float(resumed_at))
