"""Outages of Listrak's, in one item of the ledger's table for each of its APIs."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from listrak_relay.adapters.aws.dynamodb_table import ConditionFailedError, DynamoDbTable, Update
from listrak_relay.adapters.aws.ledger_items import outage_key
from listrak_relay.ports.outages import Outage
from listrak_relay.ports.time import DAY_SECONDS, Clock

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class DynamoDbOutages:
    """`ports.outages.Outages`. The item stays when an outage is over, without the time of the next look."""

    def __init__(self, table_name: str, client: DynamoDBClient, clock: Clock) -> None:
        self._table = DynamoDbTable(table_name, client)
        self._clock = clock

    def look(self, name: str, pause: float) -> Outage | None:
        found, now = self._table.get(outage_key(name)), self._clock.now()
        if found is None or "look_at" not in found:
            return None
        if found["look_at"] > now:
            return Outage(float(found["look_at"]) - now)
        values = {"next": now + pause, "seen": found["look_at"]}
        mine = Update(outage_key(name), "SET #look_at = :next", "#look_at = :seen", values)
        try:
            self._table.update(mine)
        except ConditionFailedError:
            return Outage(pause)
        return Outage(0.0)

    def begin(self, name: str, pause: float) -> None:
        now = self._clock.now()
        values = {"next": now + pause, "expires_at": int(now + DAY_SECONDS)}
        later = "attribute_not_exists(#look_at) OR #look_at <= :next"
        with suppress(ConditionFailedError):
            self._table.update(
                Update(outage_key(name), "SET #look_at = :next, #expires_at = :expires_at", later, values)
            )

    def end(self, name: str) -> None:
        with suppress(ConditionFailedError):
            self._table.update(Update(outage_key(name), "REMOVE #look_at", "attribute_exists(#look_at)"))
