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
_TRIES = 10
"""More than others can come first within a second; whoever comes last then takes it for spent."""


class DynamoDbPermits:
    """`ports.pacing.CallPermits`: blocks of permits by conditional addition, none of them given out twice.

    Functions whose clocks differ share a budget as if one of them were late: a second that the item has left behind
    has nothing to give.
    """

    def __init__(self, table_name: str, client: DynamoDBClient, clock: Clock) -> None:
        self._table = DynamoDbTable(table_name, client)
        self._clock = clock
        self._asked: dict[str, int] = {}

    def take(self, name: str, wanted: int, per_second: int) -> Permits:
        second, wanted = int(self._clock.now()), min(wanted, per_second)
        # A write whose condition does not hold is charged as well, so the likelier one comes first.
        begins = self._asked.get(name) != second
        self._asked[name] = second
        for _ in range(_TRIES):
            try:
                self._table.update(_begin(name, second, wanted) if begins else _add(name, second, wanted, per_second))
            except ConditionFailedError as failed:
                found = failed.item or {"second": 0}
                begins = found["second"] < second
                if not begins:
                    room = per_second - found["used"] if found["second"] == second else 0
                    if room <= 0:
                        return Permits(second, 0)
                    wanted = min(wanted, room)
            else:
                return Permits(second, wanted)
        return Permits(second, 0)


def _begin(name: str, second: int, wanted: int) -> Update:
    return Update(
        permits_key(name),
        "SET #second = :second, #used = :wanted, #expires_at = :expires_at",
        "attribute_not_exists(#second) OR #second < :second",
        {"second": second, "wanted": wanted, "expires_at": second + _KEPT_SECONDS},
    )


def _add(name: str, second: int, wanted: int, per_second: int) -> Update:
    values = {"second": second, "wanted": wanted, "room": per_second - wanted}
    return Update(permits_key(name), "ADD #used :wanted", "#second = :second AND #used <= :room", values)
