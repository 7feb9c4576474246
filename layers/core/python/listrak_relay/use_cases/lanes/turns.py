"""A run begins when no older run of its list may still undo what it says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from listrak_relay.domain.destinations.choices import Mode
from listrak_relay.domain.destinations.destinations import Destination, FeedDestination
from listrak_relay.domain.lanes.lane import LaneEntry, LanePlace, is_special, place_of
from listrak_relay.domain.run.manifest import Action, Chunk, RunManifest
from listrak_relay.errors import BoundedWaitError, RelayError
from listrak_relay.ports.lanes import RunLanes
from listrak_relay.ports.ledger import RunLedger
from listrak_relay.ports.time import Clock
from listrak_relay.use_cases.runs.waiting import seconds_in_line

_TOLD = 5


class NotItsTurnError(BoundedWaitError):
    """An older run of the list has to end first."""


@dataclass(frozen=True, slots=True)
class Turns:
    """``limit``: seconds after which a run goes before the older ones. ``poll_seconds``: first wait between two looks.

    Two runs cannot both believe that they are alone: a run enters its lane before it is read and is marked started
    before it looks at the older ones for the last time, and a late one looks at the newer ones when it begins. So one
    of both sees the other.
    """

    ledger: RunLedger
    lanes: RunLanes
    clock: Clock
    limit: float
    poll_seconds: float

    def take(self, manifest: RunManifest[Destination]) -> None:
        """Return when the run may be sent.

        Raises:
            NotItsTurnError: not yet.
        """
        place = place_of(manifest.source, manifest.destination)
        if place is None:
            return
        own, special = self.lanes.entry(place), is_special(manifest)
        if own is None:
            # Its file was read by a release that knew no lanes.
            self.lanes.enter(place)
            self.lanes.mark_read(place, special=special)
            own = LaneEntry(place)
        mirrors = not isinstance(manifest.destination, FeedDestination) and manifest.destination.mode is Mode.MIRROR
        if special and not mirrors and (ahead := self._begun_later(place)):
            # Whoever a file that came before its time is subscribing is not there yet to be unsubscribed. One that
            # mirrors may have the lock for which the newer one waits.
            self._wait_for(own, ahead, "dropped after it on the same list and sent before it")
        if own.started:
            return
        before = self._blocking(place, special=special)
        overtaking = self._wait_for(own, before) if before else None
        self.lanes.start(place)
        if overtaking is None and (late := self._blocking(place, special=special)):
            self.lanes.start(place, started=False)
            self._wait_for(own, late)
        waited = 0.0 if own.waiting_since is None else self.clock.now() - own.waiting_since
        self.ledger.note_turn(manifest.run_id, waited, overtaking)

    def while_waiting(self, manifest: RunManifest[Destination], chunk: Chunk, send: Callable[[], None]) -> None:
        """Send the chunk's opt-outs by ``send``, once, unless a newer run has begun, which may have said yes to some.

        A failure is left to the next look, and at last to the run's turn.
        """
        place = place_of(manifest.source, manifest.destination)
        if place is None or chunk.action is not Action.UNSUBSCRIBE:
            return
        entries = self.lanes.from_here(place)
        own = next((entry for entry in entries if entry.place == place), None)
        if own is None or chunk.chunk_id in own.early or any(e.started for e in entries if e.place != place):
            return
        try:
            send()
        except RelayError:
            return
        self.lanes.mark_early(place, chunk.chunk_id)

    def went_early(self, manifest: RunManifest[Destination], chunk: Chunk) -> bool:
        """Whether the chunk's opt-outs were sent by `while_waiting`."""
        place = place_of(manifest.source, manifest.destination)
        own = self.lanes.entry(place) if place and chunk.action is Action.UNSUBSCRIBE else None
        return own is not None and chunk.chunk_id in own.early

    def _begun_later(self, place: LanePlace) -> list[LaneEntry]:
        """Newer runs that are being sent, which they are only where this one comes late."""
        return [e for e in self.lanes.from_here(place) if e.place != place and e.started and not e.ended]

    def _blocking(self, place: LanePlace, *, special: bool) -> list[LaneEntry]:
        return [entry for entry in self.lanes.older(place) if self._blocks(entry, special=special)]

    def _blocks(self, older: LaneEntry, *, special: bool) -> bool:
        if older.read:
            return special or older.special
        # It may hold anything. One that nobody reads any more may never be read.
        try:
            return not self.ledger.lease_expired(older.place.run_id, self.clock.now())
        except KeyError:
            return False

    def _wait_for(
        self, own: LaneEntry, before: Sequence[LaneEntry], when: str = "dropped before it on the same list"
    ) -> str:
        """A sentence for the report when it has waited long enough. Raises NotItsTurnError."""
        now = self.clock.now()
        since = now if own.waiting_since is None else own.waiting_since
        runs = ", ".join(entry.place.run_id for entry in before[:_TOLD])
        many = f" and {len(before) - _TOLD} more" if len(before) > _TOLD else ""
        if now - since > self.limit:
            return (
                f"It waited {self.limit / 3600:g} hours for what was dropped before it on the same list, then went "
                f"before {runs}{many}, which had not ended: look at them."
            )
        ahead = before[0].place.run_id
        if own.waiting_since is None or own.ahead != ahead:
            self.lanes.mark_waiting(own.place, ahead, now)
        why = f"waits for {runs}{many}, {when}"
        self.ledger.note_waiting(own.place.run_id, why)
        ahead_for = 0.0 if own.ahead != ahead or own.ahead_since is None else now - own.ahead_since
        raise NotItsTurnError(why, seconds_in_line(len(before), ahead_for, self.poll_seconds))
