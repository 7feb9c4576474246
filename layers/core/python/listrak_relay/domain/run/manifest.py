"""What ingest hands to delivery: chunks of normalised rows and the columns they have."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Generic, TypeVar, cast

from listrak_relay.domain.destinations.data_template import ColumnRole
from listrak_relay.domain.destinations.destinations import (
    Destination,
    EmailDestination,
    FeedDestination,
    SmsDestination,
)
from listrak_relay.domain.run.runs import DroppedFile
from listrak_relay.domain.values.dates import DateOrder
from listrak_relay.errors import ConfigurationError


class Action(StrEnum):
    """What is to be done with a row.

    SUBSCRIBE, UNSUBSCRIBE: as the row says.
    UPDATE: profile values for who is on the list, since the destination subscribes nobody without a statement.
    KEEP: the same for somebody who, by the file, was not asked or cannot be reached; the row counts as skipped.
    RELAY: it is a row of a feed, which goes to Listrak as a file.
    """

    SUBSCRIBE = "subscribe"
    UNSUBSCRIBE = "unsubscribe"
    UPDATE = "update"
    KEEP = "keep"
    RELAY = "relay"


AUDIENCE_MARK = "on"
"""What a CheckBox field holds for a member, in the form that Listrak's own connector writes."""

AUDIENCE_MARK_OFF = "off"
"""And for who is none any more."""


CLEARED = "\x18"
"""In a chunk: the value that Listrak has is to be taken away. No value of a dropped file has this character left."""


class FieldType(StrEnum):
    """Types of a profile field that this project makes (Listrak knows more)."""

    TEXT = "Text"
    NUMERIC = "Numeric"
    DATE = "Date"
    CHECKBOX = "CheckBox"


class Form(StrEnum):
    """How the chunk files have the values of a column. OWN: as they are in the dropped file, which is how a field of
    the column's type takes them. FROM_ISO: all are ``YYYY-MM-DD`` there and ``MM/DD/YYYY`` here. AS_DROPPED: as they
    are in the dropped file, so that each is looked at for a field that is not Text. OF_NUMBERS: the same; all are
    numbers, though not such as a Numeric field takes, or NaN, which is none in a field of Text either."""

    OWN = "own"
    FROM_ISO = "from_iso"
    AS_DROPPED = "as_dropped"
    OF_NUMBERS = "of_numbers"


@dataclass(frozen=True, slots=True)
class ProfileColumn:
    """A column of the chunk files that becomes a profile field.

    ``name`` is the profile field's name. ``longest``: characters of the longest value, over all chunks of the run.
    ``max_length`` is the length to give the field when it must be made. ``declared``: the data template fixed the type.
    ``role`` is FIELD, or for SMS one of the facts that Listrak keeps of every contact (a birthday as MM/DD/YYYY).
    ``date_order``: how dates are read where each is looked at.
    """

    name: str
    data_type: FieldType
    longest: int
    max_length: int
    declared: bool = False
    role: ColumnRole = ColumnRole.FIELD
    form: Form = Form.OWN
    date_order: DateOrder = DateOrder.USUAL


LARGEST_CHUNK_BYTES = 195_000_000
"""About what Listrak takes as one import: a body of 250 MB, in which the file is Base64 and so a third longer."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A CSV file in the WorkBucket: UTF-8, comma, ``"`` quoting, no header, ``\\n`` endings, no line break in any
    value.

    Column 0 is the contact key: the email address, or for SMS the phone number in E.164 with a plus. Then come the
    manifest's profile columns in order, and for email last the audience mark `on`; when the action is unsubscribe there
    is the contact key only. When it is relay, the chunk is the whole file as Listrak is to have it, with a header.
    ``rows_key`` names the sidecar: line n holds the source row number of the chunk's line n. ``size`` in bytes.
    ``sha256`` is the hex digest of the chunk file. ``assumed``: its rows say nothing of consent themselves; what is
    done with them is what the destination says for such rows. ``clears``: each of its rows has a value that is
    `CLEARED`, which no import can do.
    """

    chunk_id: str
    action: Action
    key: str
    rows_key: str
    rows: int
    size: int
    sha256: str
    assumed: bool = False
    clears: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One file among those of a run. ``name``: its key, followed by ``!`` and the member's name if it was in an
    archive. ``offset``: what a row's number in the run has more than its number in this file."""

    name: str
    offset: int


def place_of(row: int, parts: Sequence[Part]) -> tuple[str, int]:
    """File and row number there of a row of the run; ``parts`` as in the manifest, at least one."""
    part = parts[bisect_left(parts, row, key=lambda part: part.offset) - 1] if len(parts) > 1 else parts[0]
    return part.name, row - part.offset


D_co = TypeVar("D_co", bound=Destination, covariant=True)
K = TypeVar("K", bound=Destination)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunManifest(Generic[D_co]):
    """Everything delivery needs to know of a run: `runs/<run>/manifest.json` in the WorkBucket. No personal data.

    ``source``: the dropped file, or the marker of a folder of them.
    ``destination``: as it was when the file was read.
    ``audience``: empty for a feed.
    ``columns``: those of the chunks that become profile fields, in order.
    ``rows_read``, ``rejected``, ``duplicates``: rows as ingest counted them.
    ``reasons``: rejected rows by reason code.
    ``notes``: facts for the report.
    ``parts``: the files that the rows are from.
    """

    run_id: str
    source: DroppedFile
    destination: D_co
    audience: str
    columns: tuple[ProfileColumn, ...]
    chunks: tuple[Chunk, ...]
    rows_read: int
    rejected: int
    duplicates: int
    reasons: dict[str, int] = field(default_factory=dict)
    notes: dict[str, Any] = field(default_factory=dict)
    parts: tuple[Part, ...] = ()

    def of(self, kind: type[K]) -> RunManifest[K]:
        """This one, as that of a run of one channel.

        Raises:
            ConfigurationError: it is of another channel (code ``message_foreign``).
        """
        if not isinstance(self.destination, kind):
            raise ConfigurationError(
                "message_foreign",
                f"run {self.run_id} is of channel {self.destination.channel}, but its message is on the queue of "
                "another",
            )
        return cast("RunManifest[K]", self)

    def find(self, chunk_id: str) -> Chunk:
        return next(chunk for chunk in self.chunks if chunk.chunk_id == chunk_id)


AnyManifest = RunManifest[Destination]
EmailManifest = RunManifest[EmailDestination]
SmsManifest = RunManifest[SmsDestination]
FeedManifest = RunManifest[FeedDestination]
