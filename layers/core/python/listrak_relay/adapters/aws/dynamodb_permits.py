"""The stack's calls per second, counted in one item of the ledger's table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from listrak_relay.adapters.aws.dynamodb_table import ConditionFailedError, DynamoDbTable, Update
from listrak_relay.adapters.aws.ledger_items import permits_key
from listrak_relay.ports.pacing import Permits
from listrak_relay.ports.time import Clock

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_KEPT_SECONDS = 86_400


class DynamoDbPermits:
    """`ports.pacing.CallPermits`: blocks of permits by conditional addition, none of them given out twice.

    Functions whose clocks differ share a budget as if one of them were late: a second that the item has left behind
    has nothing to give.
    """

    def __init__(self, table_name: str, client: DynamoDBClient, clock: Clock) -> None:
        self._table = DynamoDbTable(table_name, client)
        self._clock = clock

    def take(self, name: str, wanted: int, per_second: int) -> Permits:
        second = int(self._clock.now())
        wanted = min(wanted, per_second)
        values = {"second": second, "wanted": wanted, "room": per_second - wanted}
        add = Update(permits_key(name), "ADD #used :wanted", "#second = :second AND #used <= :room", values)
        begin = Update(
            permits_key(name),
            "SET #second = :second, #used = :wanted, #expires_at = :expires_at",
            "attribute_not_exists(#second) OR #second < :second",
            {"second": second, "wanted": wanted, "expires_at": second + _KEPT_SECONDS},
        )
        for change in (add, begin, add):
            try:
                self._table.update(change)
            except ConditionFailedError as failed:
                if failed.item and failed.item["second"] > second:
                    break
                continue
            return Permits(second, wanted)
        return Permits(second, 0)
