"""A lane: the runs that go to one list, in the order in which their files were dropped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from listrak_relay.domain.destinations.choices import Channel, Mode
from listrak_relay.domain.destinations.destinations import Destination, SmsDestination
from listrak_relay.domain.run.manifest import Action, RunManifest
from listrak_relay.domain.run.runs import DroppedFile
from listrak_relay.domain.values.names import same_name_key

_KEY_CHARACTERS = 200
"""Of a drop key in an order: enough to tell keys apart, and with it an item's sort key stays below 1,024 bytes."""

_SEQUENCER_DIGITS = 40


@dataclass(frozen=True, slots=True)
class LanePlace:
    """Where a run stands. ``lane`` names the list; of two ``order`` texts of a lane the lesser was dropped first."""

    lane: str
    order: str
    run_id: str


@dataclass(frozen=True, slots=True)
class LaneEntry:
    """What the ledger knows of a run's place.

    ``read``: its file has been read. ``special``: it holds opt-outs, resubscribes or mirrors. ``started``: its turn has
    come. ``ended``: nothing of it is sent any more. ``waiting_since``: epoch seconds, None if it never had to wait.
    ``ahead``: id of the oldest run that it waits for. ``ahead_since``: epoch seconds from which it was that one.
    ``early``: ids of chunks whose opt-outs were sent before their turn.
    """

    place: LanePlace
    read: bool = False
    special: bool = False
    started: bool = False
    ended: bool = False
    waiting_since: float | None = None
    ahead: str | None = None
    ahead_since: float | None = None
    early: frozenset[str] = frozenset()


def lane_of(destination: Destination) -> str | None:
    """The list that a destination's runs go to; None for a feed, which goes to none."""
    if destination.channel is Channel.SFTP:
        return None
    sender = same_name_key(destination.sender_code or "") if isinstance(destination, SmsDestination) else ""
    secret = destination.secret or destination.channel.value
    return "/".join((destination.channel.value, secret, sender, same_name_key(destination.list_name)))


def order_of(source: DroppedFile) -> str:
    """Time of the drop in whole seconds, then S3's sequencer as hex text of one length, then key and version."""
    seconds = int(dropped_seconds(source))
    sequencer = source.sequencer.upper().rjust(_SEQUENCER_DIGITS, "0")
    return f"{seconds:012d}/{sequencer}/{source.key[:_KEY_CHARACTERS]}/{source.version_id}"


def dropped_seconds(source: DroppedFile) -> float:
    """Epoch seconds."""
    return datetime.fromisoformat(source.dropped_at).timestamp()


def place_of(source: DroppedFile, destination: Destination) -> LanePlace | None:
    """None: the destination is a feed."""
    lane = lane_of(destination)
    return LanePlace(lane, order_of(source), source.run_id) if lane else None


def is_special(manifest: RunManifest[Destination]) -> bool:
    """Whether the run must not go side by side with others: it may say no to somebody to whom another says yes, lift an
    opt-out, or judge those whom it does not name."""
    destination = manifest.destination
    if destination.channel is Channel.SFTP:
        return False
    no = any(chunk.action is Action.UNSUBSCRIBE for chunk in manifest.chunks)
    return no or destination.mode is Mode.MIRROR or destination.resubscribe
