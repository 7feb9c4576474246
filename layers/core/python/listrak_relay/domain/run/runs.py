"""A run: one ingestion of one version of one dropped file, and the sum that must come out even."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field, fields
from enum import StrEnum

NEVER_READ = "never_read"
"""Code of the problem of a run whose file could not be read, however often it was tried."""


class RunStatus(StrEnum):
    """Where a run stands. The last five are final; an operator's redrive can move a run on from FAILED.

    WAITING: an older run of the same list has to end first.
    SET_ASIDE: by itself the object is nothing to deliver: it holds no data, or is a part that waits for its folder's
    marker.
    """

    INGESTING = "INGESTING"
    DELIVERING = "DELIVERING"
    WAITING = "WAITING"
    COMPLETED = "COMPLETED"
    REJECTED = "REJECTED"
    FAILED = "FAILED"
    STALLED = "STALLED"
    SET_ASIDE = "SET_ASIDE"

    @property
    def final(self) -> bool:
        return self not in (RunStatus.INGESTING, RunStatus.DELIVERING, RunStatus.WAITING)


UNVERSIONED = "etag:"
"""Begins the version id of a file in a bucket that keeps no versions; its entity tag follows, since another content is
another file."""


@dataclass(frozen=True, slots=True)
class DroppedFile:
    """One version of one object in the DropBucket. ``size`` in bytes, ``dropped_at`` in ISO 8601 UTC.

    ``sequencer``: of S3's event, a hex number that rises with each write of the key; empty where it is not known.
    """

    bucket: str
    key: str
    version_id: str
    size: int
    dropped_at: str
    sequencer: str = ""

    @property
    def run_id(self) -> str:
        """The same for every event about the same version, so that a repeat finds the run it repeats.

        ``<destination>-<16 hex digits>``: letters, digits, ``-`` and ``_`` only, safe in keys and file names.
        """
        digest = hashlib.sha256("\0".join((self.bucket, self.key, self.version_id)).encode()).hexdigest()
        prefix = re.sub(r"[^A-Za-z0-9_-]", "_", self.key.split("/", 1)[0])[:40] or "run"
        return f"{prefix}-{digest[:16]}"


@dataclass(frozen=True, slots=True)
class Tally:
    """Rows by final state. Each row of a file is in exactly one of them."""

    accepted: int = 0
    refused: int = 0
    rejected: int = 0
    duplicates: int = 0
    skipped: int = 0
    dead_lettered: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(**{f.name: getattr(self, f.name) + getattr(other, f.name) for f in fields(Tally)})

    def __sub__(self, other: Tally) -> Tally:
        return Tally(**{f.name: getattr(self, f.name) - getattr(other, f.name) for f in fields(Tally)})

    @property
    def total(self) -> int:
        return sum(getattr(self, f.name) for f in fields(Tally))

    def as_dict(self) -> dict[str, int]:
        return {f.name: getattr(self, f.name) for f in fields(Tally)}


class ChunkState(StrEnum):
    """PLANNED: not tried. SENDING: an attempt began and its end is not recorded. SUBMITTED: Listrak has the import.

    SETTLED: every row is in its final state. DEAD_LETTERED: given up; a redrive may still settle it.
    """

    PLANNED = "PLANNED"
    SENDING = "SENDING"
    SUBMITTED = "SUBMITTED"
    SETTLED = "SETTLED"
    DEAD_LETTERED = "DEAD_LETTERED"


@dataclass(frozen=True, slots=True)
class ChunkRecord:
    """What the ledger knows of one chunk. Times are epoch seconds.

    ``attempted_at``: when its last import was begun. ``settled_at``: when its rows ended, also by being given up.

    ``attempts``: imports begun since it was planned or redriven. ``adrift``: it was given up while its message was
    still under way. ``redriven``: it was given up, and an operator has returned its message since.
    """

    run_id: str
    chunk_id: str
    rows: int
    state: ChunkState
    attempted_at: float | None = None
    import_id: int | None = None
    tally: Tally = Tally()
    reasons: dict[str, int] = field(default_factory=dict)
    done: dict[str, int] = field(default_factory=dict)
    removals: dict[str, int] = field(default_factory=dict)
    attempts: int = 0
    adrift: bool = False
    redriven: bool = False
    settled_at: float | None = None


@dataclass(frozen=True, slots=True)
class ChunkOutcome:
    """How the rows of one chunk ended; ``reasons`` counts rows by reason code (refused, skipped, rejected,
    dead-lettered).

    ``done`` counts accepted rows by what was done, where that is known. ``removals``: people who are in no row and were
    taken off the list by a mirror run, by how that ended. ``adrift``: its message is in no dead-letter queue yet.
    """

    tally: Tally
    reasons: dict[str, int] = field(default_factory=dict)
    dead: bool = False
    done: dict[str, int] = field(default_factory=dict)
    removals: dict[str, int] = field(default_factory=dict)
    adrift: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """What the ledger knows of one run.

    ``rows_read`` is None until ingest has finished. ``chunks`` planned, ``settled`` of them in a final state
    (DEAD_LETTERED included). ``problem`` is a sentence for a person, ``problem_code`` a stable word. Times are epoch
    seconds; ``read_at`` is when ingest had finished. ``waiting_for``: while it is WAITING, a sentence that says for
    which run. ``waited_seconds``: how long it did in all. ``overtook``: a sentence, if it went before an older run at
    last. ``trouble``: what has kept a message of it from being worked on several times, last at ``trouble_at``.
    """

    run_id: str
    status: RunStatus
    destination: str
    audience: str
    source: DroppedFile
    opened_at: float
    rows_read: int | None = None
    tally: Tally = Tally()
    chunks: int = 0
    settled: int = 0
    dispatched: bool = False
    problem_code: str | None = None
    problem: str | None = None
    closed_at: float | None = None
    waiting_for: str | None = None
    waited_seconds: float = 0.0
    overtook: str | None = None
    read_at: float | None = None
    trouble: str | None = None
    trouble_at: float | None = None

    @property
    def complete(self) -> bool:
        """Ingest is done and every chunk has ended."""
        return self.rows_read is not None and self.settled >= self.chunks

    @property
    def balanced(self) -> bool:
        """Rows read = accepted + refused + rejected + duplicates + skipped + dead-lettered."""
        return self.rows_read is not None and self.rows_read == self.tally.total
