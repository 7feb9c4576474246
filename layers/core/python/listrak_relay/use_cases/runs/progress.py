"""How far a chunk is: kept in the WorkBucket, so that the next delivery goes on where this one stopped."""

from __future__ import annotations

from dataclasses import dataclass, field

from listrak_relay.domain.delivery.sms_results import Removal
from listrak_relay.domain.run import work_keys as keys
from listrak_relay.domain.run.row_ends import RowEnd
from listrak_relay.domain.values.plain_values import from_json, to_json
from listrak_relay.ports.storage import ObjectStore
from listrak_relay.ports.time import Clock
from listrak_relay.use_cases.runs.content_types import JSON

SECONDS_BETWEEN_SAVES = 10.0


@dataclass(slots=True)
class Progress:
    """``rows``: position in the chunk → end, for rows that took a call. ``removals``: of SMS, position among the
    removals.

    ``stale``: the plan was too old when the chunk was sent to take anybody off the list who is not in the file.
    ``tries``: place → deliveries in which its call failed. The place of a row is its position, that of a removal
    `place_of_removal`.
    """

    rows: dict[int, RowEnd] = field(default_factory=dict)
    removals: dict[int, Removal] = field(default_factory=dict)
    stale: bool = False
    tries: dict[int, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.rows) + len(self.removals)


def place_of_removal(position: int) -> int:
    """Apart from those of rows."""
    return -1 - position


@dataclass(frozen=True, slots=True)
class _Kept:
    """A `Progress` as it is kept: each end of a row as a short text, since there are thousands."""

    rows: dict[int, str]
    removals: dict[int, Removal]
    stale: bool
    tries: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ProgressStore:
    store: ObjectStore

    def load(self, run_id: str, chunk_id: str) -> Progress:
        try:
            with self.store.open(keys.progress_key(run_id, chunk_id)) as body:
                kept = from_json(_Kept, body.read())
        except FileNotFoundError:
            return Progress()
        rows = {position: RowEnd.from_text(end) for position, end in kept.rows.items()}
        return Progress(rows, kept.removals, kept.stale, kept.tries)

    def save(self, run_id: str, chunk_id: str, progress: Progress) -> None:
        rows = {position: str(end) for position, end in progress.rows.items()}
        kept = _Kept(rows, progress.removals, progress.stale, progress.tries)
        self.store.put(keys.progress_key(run_id, chunk_id), to_json(kept), JSON)


@dataclass(slots=True)
class Checkpoints:
    """Saves a progress now and then: a crash repeats at most what came after the last save."""

    progress_store: ProgressStore
    clock: Clock
    run_id: str
    chunk_id: str
    progress: Progress
    calls_between: int
    _saved: int = 0
    _saved_at: float = 0.0
    _saved_tries: int = 0

    def __post_init__(self) -> None:
        self._note_saved()

    def passed(self) -> None:
        """One more call has ended."""
        late = self.clock.now() - self._saved_at >= SECONDS_BETWEEN_SAVES
        if late or len(self.progress) - self._saved >= self.calls_between:
            self.save()

    def save(self) -> None:
        if len(self.progress) != self._saved or sum(self.progress.tries.values()) != self._saved_tries:
            self.progress_store.save(self.run_id, self.chunk_id, self.progress)
            self._note_saved()

    def _note_saved(self) -> None:
        self._saved, self._saved_at = len(self.progress), self.clock.now()
        self._saved_tries = sum(self.progress.tries.values())
