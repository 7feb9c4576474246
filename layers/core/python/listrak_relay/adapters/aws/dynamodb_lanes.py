"""The lanes in the run ledger's table."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from listrak_relay.adapters.aws import ledger_items as items
from listrak_relay.adapters.aws.dynamodb_table import ConditionFailedError, DynamoDbTable, Update
from listrak_relay.adapters.aws.ledger_writes import NOT_THERE
from listrak_relay.domain.lanes.lane import LaneEntry, LanePlace
from listrak_relay.ports.time import DAY_SECONDS, Clock

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_THERE = "attribute_exists(pk)"


class DynamoDbLanes:
    """`ports.lanes.RunLanes`. Items vanish ``retention_days`` after they were first written, as those of runs do.

    A run that has not ended has a second item. Where the process may die between the two, that one is written first
    which leaves the other for a repeat: nobody waits for a run that has ended, and nobody overlooks one that has not.
    """

    def __init__(self, table_name: str, client: DynamoDBClient, clock: Clock, retention_days: int = 90) -> None:
        self._table = DynamoDbTable(table_name, client)
        self._clock = clock
        self._retention = retention_days * DAY_SECONDS

    def enter(self, place: LanePlace) -> None:
        entry = LaneEntry(place)
        try:
            self._table.put(items.new_lane_entry(place) | self._expiry(), when=NOT_THERE)
        except ConditionFailedError as there:
            entry = items.lane_entry_from(there.item) if there.item else entry
        if not entry.ended:
            self._put_open(entry)

    def entry(self, place: LanePlace) -> LaneEntry | None:
        found = self._table.get(items.lane_key(place))
        return items.lane_entry_from(found) if found else None

    def older(self, place: LanePlace) -> list[LaneEntry]:
        found = self._table.query("#pk = :pk AND #sk < :sk", items.open_lane_key(place))
        return list(map(items.lane_entry_from, found))

    def from_here(self, place: LanePlace) -> list[LaneEntry]:
        return list(map(items.lane_entry_from, self._table.query("#pk = :pk AND #sk >= :sk", items.lane_key(place))))

    def mark_read(self, place: LanePlace, *, special: bool) -> None:
        values = {"read": True, "special": special}
        self._update(_change(items.open_lane_key(place), values))
        self._set(place, values)

    def mark_waiting(self, place: LanePlace, ahead: str, now: float) -> None:
        self._set(place, {"waiting_since": now}, when="attribute_not_exists(#waiting_since)")
        values = {"ahead": ahead, "ahead_since": now}
        self._set(place, values, when="(attribute_not_exists(#ahead) OR #ahead <> :ahead)")

    def mark_early(self, place: LanePlace, chunk_id: str) -> None:
        self._set(place, {items.EARLY_PREFIX + chunk_id.replace("-", "_"): chunk_id})

    def start(self, place: LanePlace, *, started: bool = True) -> None:
        self._set(place, {"started": started})

    def end(self, place: LanePlace, *, ended: bool = True) -> None:
        if ended:
            with suppress(ConditionFailedError):
                self._table.delete(items.open_lane_key(place), _THERE, {})
        elif entry := self.entry(place):
            self._put_open(entry)
        self._set(place, {"ended": ended})

    def _expiry(self) -> dict[str, int]:
        return {"expires_at": int(self._clock.now() + self._retention)}

    def _put_open(self, entry: LaneEntry) -> None:
        with suppress(ConditionFailedError):
            self._table.put(items.open_lane_item(entry) | self._expiry(), when=NOT_THERE)

    def _set(self, place: LanePlace, values: dict[str, Any], when: str = "") -> None:
        self._update(_change(items.lane_key(place), values, when))

    def _update(self, change: Update) -> None:
        try:
            self._table.update(change)
        except ConditionFailedError:
            return


def _change(key: items.Item, values: dict[str, Any], when: str = "") -> Update:
    """Of an item that is there."""
    change = "SET " + ", ".join(f"#{name} = :{name}" for name in values)
    return Update(key, change, f"{_THERE} AND {when}" if when else _THERE, values)
