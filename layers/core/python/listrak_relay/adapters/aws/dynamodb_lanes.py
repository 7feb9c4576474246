"""The lanes in the run ledger's table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from listrak_relay.adapters.aws import ledger_items as items
from listrak_relay.adapters.aws.dynamodb_table import ConditionFailedError, DynamoDbTable, Update
from listrak_relay.adapters.aws.ledger_writes import NOT_THERE
from listrak_relay.domain.lanes.lane import LaneEntry, LanePlace
from listrak_relay.ports.time import DAY_SECONDS, Clock

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class DynamoDbLanes:
    """`ports.lanes.RunLanes`. Items vanish ``retention_days`` after they were first written, as those of runs do."""

    def __init__(self, table_name: str, client: DynamoDBClient, clock: Clock, retention_days: int = 90) -> None:
        self._table = DynamoDbTable(table_name, client)
        self._clock = clock
        self._retention = retention_days * DAY_SECONDS

    def enter(self, place: LanePlace) -> None:
        expires_at = int(self._clock.now() + self._retention)
        try:
            self._table.put(items.new_lane_entry(place) | {"expires_at": expires_at}, when=NOT_THERE)
        except ConditionFailedError:
            return

    def older(self, place: LanePlace) -> list[LaneEntry]:
        found = self._table.query("#pk = :pk AND #sk < :sk", items.lane_key(place))
        return [entry for entry in map(items.lane_entry_from, found) if not entry.ended]

    def from_here(self, place: LanePlace) -> list[LaneEntry]:
        return list(map(items.lane_entry_from, self._table.query("#pk = :pk AND #sk >= :sk", items.lane_key(place))))

    def mark_read(self, place: LanePlace, *, special: bool) -> None:
        self._set(place, {"read": True, "special": special})

    def mark_waiting(self, place: LanePlace, now: float) -> None:
        self._set(place, {"waiting_since": now}, when="attribute_not_exists(#waiting_since)")

    def mark_early(self, place: LanePlace, chunk_id: str) -> None:
        self._set(place, {items.EARLY_PREFIX + chunk_id.replace("-", "_"): chunk_id})

    def start(self, place: LanePlace, *, started: bool = True) -> None:
        self._set(place, {"started": started})

    def end(self, place: LanePlace, *, ended: bool = True) -> None:
        self._set(place, {"ended": ended})

    def _set(self, place: LanePlace, values: dict[str, Any], when: str = "") -> None:
        change = "SET " + ", ".join(f"#{name} = :{name}" for name in values)
        exists = "attribute_exists(pk)"
        self._update(Update(items.lane_key(place), change, f"{exists} AND {when}" if when else exists, values))

    def _update(self, change: Update) -> None:
        try:
            self._table.update(change)
        except ConditionFailedError:
            return
