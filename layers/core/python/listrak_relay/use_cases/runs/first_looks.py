"""When to ask after an import for the first time: early where imports are short."""

from __future__ import annotations

from dataclasses import dataclass

from listrak_relay.domain.destinations.destinations import Destination
from listrak_relay.domain.lanes.lane import lane_of
from listrak_relay.domain.run.manifest import Chunk, RunManifest
from listrak_relay.ports.import_paces import ImportPace, ImportPaces
from listrak_relay.ports.messaging import MAX_DELAY_SECONDS
from listrak_relay.use_cases.runs.waiting import spread

ROWS_A_SECOND = 1_000.0
"""Where nothing is known of a list. Listrak publishes no figure; one that is too low asks later, not more often."""

LEAST_SECONDS = 2.0
"""However few the rows are."""

_LEAST_ROWS = 100
"""From fewer nothing is learned: they take what an import takes that has none."""


@dataclass(frozen=True, slots=True)
class FirstLooks:
    """``poll_seconds``: the most that is waited; an import that takes longer is asked after as before, and at most once
    more."""

    paces: ImportPaces
    poll_seconds: float

    def delay(self, manifest: RunManifest[Destination], chunk: Chunk) -> int:
        """Whole seconds."""
        lane = lane_of(manifest.destination)
        pace = self.paces.last(lane) if lane else None
        return round(min(MAX_DELAY_SECONDS, spread(min(self.poll_seconds, expected_seconds(chunk.rows, pace)))))

    def learn(self, manifest: RunManifest[Destination], chunk: Chunk, seconds: float) -> None:
        """An import was found finished after so many ``seconds``."""
        lane = lane_of(manifest.destination)
        if lane and chunk.rows >= _LEAST_ROWS and seconds > 0:
            self.paces.note(lane, ImportPace(chunk.rows, seconds))


def expected_seconds(rows: int, pace: ImportPace | None) -> float:
    """Of an import, ``pace``: of the latest of its list."""
    rows_a_second = pace.rows / pace.seconds if pace and pace.rows > 0 and pace.seconds > 0 else ROWS_A_SECOND
    return max(LEAST_SECONDS, rows / rows_a_second)
