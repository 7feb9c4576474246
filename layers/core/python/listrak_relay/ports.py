"""What the use cases need from the outside. Adapters and the tests' fakes give it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from listrak_relay.domain.audience import Action, Part, ProfileColumn, RunManifest
from listrak_relay.domain.destinations import Destination
from listrak_relay.domain.rejects import Reject
from listrak_relay.domain.runs import ChunkOutcome, ChunkRecord, DroppedFile, Run, RunStatus, Tally
from listrak_relay.file_slices import FileSlice
from listrak_relay.messages import Message


class Clock(Protocol):
    def now(self) -> float:
        """Epoch seconds."""
        ...


class TimeLeft(Protocol):
    """How long this invocation may still run."""

    def __call__(self) -> float:
        """Seconds."""
        ...


# --- object store ----------------------------------------------------------------------------------------------------


class ObjectStore(Protocol):
    """The WorkBucket: text and files by key. A write replaces the whole object or nothing."""

    def open(self, key: str, first: int = 0) -> BinaryIO:
        """A stream over the object from byte ``first`` on, read once to its end.

        Raises:
            FileNotFoundError: no such object.
            RetryableError: storage is throttling or not reachable.
        """
        ...

    def download(self, key: str, path: Path) -> None:
        """Write the object to ``path`` by parallel ranges. Raises as `open` does."""
        ...

    def put(self, key: str, body: bytes, content_type: str) -> None: ...

    def put_file(self, key: str, path: Path, content_type: str) -> None: ...

    def put_slice(self, key: str, part: FileSlice, content_type: str) -> None: ...

    def size(self, key: str) -> int:
        """Bytes. Raises FileNotFoundError."""
        ...

    def keys(self, prefix: str) -> list[str]:
        """In lexical order."""
        ...


class DropStore(Protocol):
    """The DropBucket, read only, always the pinned version."""

    def download(self, source: DroppedFile, path: Path, first: int = 0, end: int | None = None) -> None:
        """Write bytes ``first`` up to ``end`` (None: all) of the pinned version to ``path`` by parallel ranges.

        Raises:
            FileRejectedError: the version is gone (code ``file_gone``).
            RetryableError: storage is throttling or not reachable.
        """
        ...

    def open(self, source: DroppedFile, first: int = 0, end: int | None = None) -> BinaryIO:
        """A stream over the same bytes, read once from start to end. Raises as `download` does."""
        ...

    def folder(self, marker: DroppedFile) -> list[DroppedFile]:
        """Every object that lies in the marker's folder or below it, the marker too, in order of key, each in its
        newest version.

        Raises:
            RetryableError: storage is throttling or not reachable.
        """
        ...


class DestinationBook(Protocol):
    """`config/destinations.yaml` merged over the built-in destinations, read once per version."""

    def find(self, name: str) -> Destination:
        """Raises ConfigurationError: the file is wrong (code ``destinations_invalid``, all faults named), or there is
        no such destination (code ``destination_unknown``, the known ones named)."""
        ...


# --- ingest ----------------------------------------------------------------------------------------------------------


class AudienceReader(Protocol):
    """Turns a dropped file into chunk files (DuckDB in earnest)."""

    def read(
        self, files: Sequence[LocalFile], source: DroppedFile, destination: Destination, audience: str, out: Path
    ) -> IngestedAudience:
        """Unpack, parse, normalise, validate, de-duplicate, split and write into the folder ``out``. Deterministic.

        Raises:
            FileRejectedError: the file as a whole cannot be used.
        """
        ...


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A dropped object on the disk of the function. ``name``: its key."""

    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class LocalChunk:
    """A chunk still on the disk of the function; see `domain.audience.Chunk`. ``row_numbers``: of its ``rows``."""

    chunk_id: str
    action: Action
    content: FileSlice
    row_numbers: FileSlice
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class IngestedAudience:
    """What reading a file gave. ``rejects``, ``duplicates`` and ``warnings`` (rows that are sent although something is
    wrong with them) are files ready for the WorkBucket, None when empty. ``key_files``: name → sorted keys of a feed's
    rows. ``problem``: code and sentence, if the file as a whole has one although its rows are counted.

    ``rows_read`` = rows in chunks + ``rejected`` + ``duplicates_dropped``. ``reasons``: rejected rows by reason code.
    ``notes``: facts for the report (encoding, delimiter, mended line breaks, opt status column, …), no personal data.
    ``parts``: the files that the rows are from; row numbers count through all of them.
    """

    rows_read: int
    rejected: int
    duplicates_dropped: int
    reasons: dict[str, int]
    columns: tuple[ProfileColumn, ...]
    chunks: tuple[LocalChunk, ...]
    rejects: Path | None
    duplicates: Path | None
    notes: dict[str, Any]
    parts: tuple[Part, ...] = ()
    warnings: Path | None = None
    key_files: Mapping[str, Path] = field(default_factory=dict)
    problem: tuple[str, str] | None = None


# --- run ledger ------------------------------------------------------------------------------------------------------


class Opening(StrEnum):
    """OPENED: ours, begin. RESUMED: ours again after a broken attempt. REDISPATCH: ingested, but its messages may not
    all have been sent. DUPLICATE: someone else has it or it is over."""

    OPENED = "OPENED"
    RESUMED = "RESUMED"
    REDISPATCH = "REDISPATCH"
    DUPLICATE = "DUPLICATE"


class RunLedger(Protocol):
    """The durable record of every run. Each method is atomic. Raises RetryableError when it is throttled or away."""

    def open_run(
        self, source: DroppedFile, destination: str, audience: str, owner: str, lease_seconds: float
    ) -> Opening:
        """Take the run of this file version. ``owner`` is the invocation's request id, kept by Lambda over its retries:
        the same owner, or an expired lease, resumes."""
        ...

    def record_ingest(self, manifest: RunManifest, status: RunStatus = RunStatus.DELIVERING) -> None:
        """Chunks PLANNED, rows read, rejected and duplicates counted, status DELIVERING. A repeat changes nothing."""
        ...

    def mark_dispatched(self, run_id: str) -> None: ...

    def get_run(self, run_id: str) -> Run:
        """Raises KeyError."""
        ...

    def chunks(self, run_id: str) -> list[ChunkRecord]:
        """By chunk id."""
        ...

    def get_chunk(self, run_id: str, chunk_id: str) -> ChunkRecord:
        """Raises KeyError."""
        ...

    def begin_attempt(self, run_id: str, chunk_id: str, now: float, seen: float | None) -> bool:
        """PLANNED or SENDING or DEAD_LETTERED → SENDING with ``attempted_at`` = now, if ``attempted_at`` still is
        ``seen`` (None: no attempt yet), so that of two deliveries of one message only one begins. False: it was not
        so."""
        ...

    def abandon_attempt(self, run_id: str, chunk_id: str) -> None:
        """SENDING → PLANNED without ``attempted_at``: it is known that nothing was sent."""
        ...

    def record_submission(self, run_id: str, chunk_id: str, import_id: int) -> None:
        """SENDING → SUBMITTED. A second call with the same id changes nothing."""
        ...

    def settle(self, run_id: str, chunk_id: str, outcome: ChunkOutcome) -> Run:
        """The chunk ends and its tally is added to the run's, in one transaction with a marker: a second call changes
        nothing. After DEAD_LETTERED a real settlement takes the place of the dead-lettered tally and reopens a closed
        run. Returns the run as it then is."""
        ...

    def get_plan(self, run_id: str) -> Mapping[str, Any] | None:
        """The delivery plan (JSON types), None if not made."""
        ...

    def put_plan(self, run_id: str, plan: Mapping[str, Any]) -> None: ...

    def acquire_lock(self, name: str, owner: str, seconds: float) -> bool:
        """True if free, expired, or already the owner's (then prolonged)."""
        ...

    def release_lock(self, name: str, owner: str) -> None:
        """Nothing happens if it is not the owner's."""
        ...

    def note_problem(self, run_id: str, code: str, problem: str) -> None:
        """Kept for the report; the first one stays."""
        ...

    def close_run(self, run_id: str, status: RunStatus, now: float, seen: Tally) -> bool:
        """To a final status, if the run's tally still is ``seen``: what was settled since then is in no report yet.
        False: it was not so. A second call with the same status and tally changes nothing."""
        ...

    def open_runs(self) -> list[Run]:
        """All runs that are not in a final status."""
        ...

    def lease_expired(self, run_id: str, now: float) -> bool:
        """Whether the ingest lease of a run is over."""
        ...


# --- queues, secrets, announcements ----------------------------------------------------------------------------------


class MessageQueue(Protocol):
    def send(self, messages: Sequence[Message], delay_seconds: int = 0) -> None:
        """Send all (0..900 s delay). Raises RetryableError if any was not taken; a repeat may then send some twice."""
        ...

    def postpone(self, receipt: str, seconds: int) -> None:
        """Hide a received message for 0..43,200 s from now; ``receipt`` is its receipt handle."""
        ...


@dataclass(frozen=True, slots=True, repr=False)
class Credentials:
    """Client id and secret of one Listrak integration."""

    client_id: str
    client_secret: str


class SecretStore(Protocol):
    def credentials(self, secret: str, fresh: bool = False) -> Credentials:
        """``fresh`` passes over the cache. Raises ConfigurationError: missing, not readable, or not of the form
        ``{"client_id": …, "client_secret": …}``."""
        ...


@dataclass(frozen=True, slots=True, repr=False)
class PgpKey:
    """``secret``: where it is from. ``private_key``: armored. ``passphrase``: empty if it has none."""

    secret: str
    private_key: str
    passphrase: str


class Announcer(Protocol):
    def announce(self, report: Mapping[str, Any]) -> None:
        """An EventBridge event and an SNS message about a closed run, at least once."""
        ...


# --- Listrak Email ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ListrakList:
    list_id: int
    name: str


@dataclass(frozen=True, slots=True)
class ProfileFieldGroup:
    group_id: int
    name: str
    position: int


@dataclass(frozen=True, slots=True)
class ProfileField:
    """``data_type`` in Listrak's words; ``max_length`` in characters, 0 where Listrak gives none."""

    field_id: int
    group_id: int
    name: str
    data_type: str
    max_length: int
    position: int


@dataclass(frozen=True, slots=True)
class ImportOrder:
    """One list import. ``field_ids``: profile field of column 1, 2, … of the file; column 0 is the email address.

    ``file_name`` is unique to run and chunk: by it a lost answer is settled.
    """

    file_name: str
    action: Action
    field_ids: tuple[int, ...]
    trigger_journey: bool = False


@dataclass(frozen=True, slots=True)
class ImportStatus:
    """``raw`` is Listrak's own word, which no document lists."""

    finished: bool
    failed: bool
    raw: str


@dataclass(frozen=True, slots=True)
class ImportSummary:
    subscribed: int = 0
    already_subscribed: int = 0
    unsubscribed: int = 0
    already_unsubscribed: int = 0
    previously_unsubscribed: int = 0
    banned: int = 0
    invalid: int = 0
    suppressed: int = 0
    skipped: int = 0
    processed: int = 0


@dataclass(frozen=True, slots=True)
class Contact:
    """``values``: profile field id → value, for the fields asked for."""

    email: str
    subscribed: bool
    values: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class ContactPage:
    contacts: tuple[Contact, ...]
    next_cursor: str | None


class EmailGateway(Protocol):
    """Listrak's Email API for one integration.

    Every method raises RetryableError (nothing happened, or asking again is safe), ConfigurationError (credentials or
    ids refused) and, if it changes something, OutcomeUnknownError (sent, no usable answer).
    """

    def lists(self) -> list[ListrakList]: ...

    def groups(self, list_id: int) -> list[ProfileFieldGroup]: ...

    def create_group(self, list_id: int, name: str, position: int) -> int: ...

    def fields(self, list_id: int, group_id: int) -> list[ProfileField]: ...

    def create_field(
        self, list_id: int, group_id: int, name: str, data_type: str, max_length: int, position: int
    ) -> int: ...

    def clear_field(self, list_id: int, group_id: int, field_id: int) -> int:
        """Take the field's value from every contact. Asynchronous: returns the id of the import to follow."""
        ...

    def contacts(self, list_id: int, field_id: int, cursor: str | None) -> ContactPage:
        """One page of subscribed contacts (at most 5,000) with the value of one field; None starts."""
        ...

    def start_import(self, list_id: int, order: ImportOrder, size: int, body: BinaryIO) -> int:
        """Send ``size`` bytes of CSV in constant memory; returns the import's id. Not safe to repeat."""
        ...

    def find_import(self, list_id: int, file_name: str, since: float) -> int | None:
        """The import with this file name begun at or after ``since`` (epoch seconds), if Listrak has it."""
        ...

    def import_status(self, list_id: int, import_id: int) -> ImportStatus: ...

    def import_summary(self, list_id: int, import_id: int) -> ImportSummary: ...

    def import_results(self, list_id: int, import_id: int) -> Iterator[tuple[str, str]]:
        """(email address, Listrak's result word) for every contact of the import, page by page."""
        ...

    def contact(self, list_id: int, email: str) -> Contact | None:
        """None if the list does not know the address. Without profile values.

        Raises:
            ContactRefusedError: Listrak takes no such address in a route.
        """
        ...

    def save_contact(
        self,
        list_id: int,
        email: str,
        *,
        subscribed: bool | None,
        values: Mapping[int, str],
        override_unsubscribe: bool = False,
        event_ids: Sequence[int] = (),
        send_double_opt_in: bool = False,
    ) -> None:
        """Create or update one contact; ``subscribed`` None leaves the state. A repeat gives the same final state.

        Raises:
            ContactRefusedError: Listrak's final no.
        """
        ...


class EmailGateways(Protocol):
    def for_secret(self, secret: str | None) -> EmailGateway:
        """The gateway that signs in with this secret; None is the channel's own."""
        ...


class RejectWriter(Protocol):
    """Writes parts of the rejects file."""

    def write(self, run_id: str, part: str, rejects: Iterable[Reject]) -> int:
        """Replace the part; returns the number of lines. No part is left when there are none."""
        ...
