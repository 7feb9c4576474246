"""Lanes in memory."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from listrak_relay.domain.lanes.lane import LaneEntry, LanePlace
from tests.support.fakes.script import Script


class FakeLanes:
    """`ports.lanes.RunLanes`. ``script`` makes calls fail."""

    def __init__(self) -> None:
        self.script = Script()
        self._entries: dict[LanePlace, LaneEntry] = {}

    def enter(self, place: LanePlace) -> None:
        with self.script.step("enter"):
            self._entries.setdefault(place, LaneEntry(place))

    def entry(self, place: LanePlace) -> LaneEntry | None:
        with self.script.step("entry"):
            return self._entries.get(place)

    def older(self, place: LanePlace) -> list[LaneEntry]:
        with self.script.step("older"):
            found = [e for e in self._lane(place) if _rank(e.place) < _rank(place) and not e.ended]
            return [LaneEntry(e.place, read=e.read, special=e.special) for e in found]

    def from_here(self, place: LanePlace) -> list[LaneEntry]:
        with self.script.step("from_here"):
            return [e for e in self._lane(place) if _rank(e.place) >= _rank(place)]

    def mark_read(self, place: LanePlace, *, special: bool) -> None:
        with self.script.step("mark_read"):
            self._set(place, read=True, special=special)

    def mark_waiting(self, place: LanePlace, ahead: str, now: float) -> None:
        with self.script.step("mark_waiting"):
            entry = self._entries.get(place, LaneEntry(place))
            if entry.waiting_since is None:
                self._set(place, waiting_since=now)
            if entry.ahead != ahead:
                self._set(place, ahead=ahead, ahead_since=now)

    def mark_early(self, place: LanePlace, chunk_id: str) -> None:
        with self.script.step("mark_early"):
            if place in self._entries:
                self._set(place, early=self._entries[place].early | {chunk_id})

    def start(self, place: LanePlace, *, started: bool = True) -> None:
        with self.script.step("start"):
            self._set(place, started=started)

    def end(self, place: LanePlace, *, ended: bool = True) -> None:
        with self.script.step("end"):
            self._set(place, ended=ended)

    def _lane(self, place: LanePlace) -> list[LaneEntry]:
        found = [entry for entry in self._entries.values() if entry.place.lane == place.lane]
        return sorted(found, key=lambda entry: _rank(entry.place))

    def _set(self, place: LanePlace, **values: Any) -> None:
        if place in self._entries:
            self._entries[place] = replace(self._entries[place], **values)


def _rank(place: LanePlace) -> tuple[str, str]:
    return place.order, place.run_id
