"""How far a chunk is: kept in the WorkBucket, so that the next delivery goes on where this one stopped."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from listrak_relay.domain.delivery.sms_results import Removal, RowEnd
from listrak_relay.domain.run import work_keys as keys
from listrak_relay.ports.storage import ObjectStore
from listrak_relay.ports.time import Clock
from listrak_relay.use_cases.runs.content_types import JSON

CALLS_BETWEEN_SAVES = 1_000
SECONDS_BETWEEN_SAVES = 10.0


@dataclass(slots=True)
class Progress:
    """``rows``: position in the chunk → end, for rows that took a call. ``removals``: position among the removals.

    ``stale``: the plan was too old when the chunk was sent, so every row of it took a call.
    """

    rows: dict[int, RowEnd] = field(default_factory=dict)
    removals: dict[int, Removal] = field(default_factory=dict)
    stale: bool = False

    def __len__(self) -> int:
        return len(self.rows) + len(self.removals)


@dataclass(frozen=True, slots=True)
class ProgressStore:
    store: ObjectStore

    def load(self, run_id: str, chunk_id: str) -> Progress:
        try:
            with self.store.open(keys.progress_key(run_id, chunk_id)) as body:
                values = json.loads(body.read())
        except FileNotFoundError:
            return Progress()
        return Progress(
            {int(position): RowEnd.from_text(end) for position, end in values["rows"].items()},
            {int(position): Removal(end) for position, end in values["removals"].items()},
            values["stale"],
        )

    def save(self, run_id: str, chunk_id: str, progress: Progress) -> None:
        values = {
            "rows": {position: str(end) for position, end in progress.rows.items()},
            "removals": {position: end.value for position, end in progress.removals.items()},
            "stale": progress.stale,
        }
        body = json.dumps(values, separators=(",", ":")).encode()
        self.store.put(keys.progress_key(run_id, chunk_id), body, JSON)


@dataclass(slots=True)
class Checkpoints:
    """Saves a progress now and then: a crash repeats at most what came after the last save."""

    progress_store: ProgressStore
    clock: Clock
    run_id: str
    chunk_id: str
    progress: Progress
    calls_between: int = CALLS_BETWEEN_SAVES
    _saved: int = 0
    _saved_at: float = 0.0

    def __post_init__(self) -> None:
        self._saved, self._saved_at = len(self.progress), self.clock.now()

    def passed(self) -> None:
        """One more call has ended."""
        late = self.clock.now() - self._saved_at >= SECONDS_BETWEEN_SAVES
        if late or len(self.progress) - self._saved >= self.calls_between:
            self.save()

    def save(self) -> None:
        if len(self.progress) != self._saved:
            self.progress_store.save(self.run_id, self.chunk_id, self.progress)
            self._saved, self._saved_at = len(self.progress), self.clock.now()
