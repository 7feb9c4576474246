"""Which objects belong together in one run, and which are none of their own."""

from __future__ import annotations

from dataclasses import dataclass

from listrak_relay.domain.destinations.file_rules import FileRules
from listrak_relay.domain.reading.refusals import empty_file
from listrak_relay.domain.run.object_kinds import EMPTY, set_of_parts, why_no_data
from listrak_relay.domain.run.runs import DroppedFile, RunStatus, Tally
from listrak_relay.errors import FileRejectedError
from listrak_relay.ports.ledger import RunLedger
from listrak_relay.ports.storage import DropStore
from listrak_relay.ports.time import Clock

SET_SECONDS = 600.0
"""Objects of one set that come within it are taken for parts of one export."""

NO_DATA = "no_data"
WAITS_FOR_MARKER = "waits_for_marker"


@dataclass(frozen=True, slots=True)
class DropSets:
    """A set is what lies in the folder of a success marker when that arrives; the marker's version is the run.

    ``claim_seconds``: how long it is remembered that a part has been taken; as long as the ledger keeps a run.
    """

    ledger: RunLedger
    drops: DropStore
    clock: Clock
    claim_seconds: float

    def set_aside(self, source: DroppedFile, rules: FileRules) -> bool:
        """Close the run of an object that is nothing to deliver by itself, and say why. False: it is to be read.

        Raises:
            FileRejectedError: a file, no marker and no part, has no bytes (code ``file_empty``).
        """
        name = source.key.rsplit("/", 1)[-1]
        if name and rules.is_success_marker(name):
            return False
        reason = why_no_data(source.key, source.size)
        if reason == EMPTY and rules.success_marker is None:
            # A file that should have held people and holds none is to be heard of, as one with a header only is.
            raise empty_file(source.key)
        if reason is not None:
            self._close(source, NO_DATA, f"the object is not read: {reason}")
        elif rules.success_marker is not None:
            self._close(
                source,
                WAITS_FOR_MARKER,
                f"the object is a part: it is read with its folder when {rules.success_marker} arrives there",
            )
        else:
            return False
        return True

    def refuse_later_part(self, source: DroppedFile) -> None:
        """Of a destination that mirrors and has no marker: each part would take out of the audience who is in another.

        Raises:
            FileRejectedError: another object of its set came just before (code ``mirror_without_marker``).
        """
        its_set = set_of_parts(source.key)
        # Held for another version of the same object too, which takes the place of the one before.
        if its_set and not self.ledger.acquire_lock(f"mirror-parts/{its_set}", source.key, SET_SECONDS):
            raise FileRejectedError(
                "mirror_without_marker",
                f"{source.key}: another object of this folder came in the last {SET_SECONDS / 60:.0f} minutes. In mode "
                "mirror each would take out of the audience whoever is in another, so this one was not sent. Set "
                "file.success_marker for this destination, so that they are read as one, and drop all of them anew, or "
                "drop a single file right into the audience's folder",
            )

    def parts(self, source: DroppedFile, rules: FileRules) -> list[DroppedFile]:
        """The objects that lie in the folder of the marker ``source`` and belong to its run.

        Raises:
            FileRejectedError: the marker's folder holds nothing that an earlier marker has not taken (code
                ``marker_without_parts``).
        """
        parts = [part for part in self.drops.folder(source) if self._take(part, source, rules)]
        if not parts:
            raise FileRejectedError(
                "marker_without_parts",
                f"{source.key}: the marker's folder holds no file that is not part of an earlier run; drop the parts "
                "first, then the marker",
            )
        return parts

    def _take(self, part: DroppedFile, source: DroppedFile, rules: FileRules) -> bool:
        """Whether it is a part, and no other marker's. A part is claimed by a lock that nobody gives back."""
        if rules.is_success_marker(part.key.rsplit("/", 1)[-1]) or why_no_data(part.key, part.size):
            return False
        return self.ledger.acquire_lock(f"part/{part.run_id}", source.run_id, self.claim_seconds)

    def _close(self, source: DroppedFile, code: str, why: str) -> None:
        self.ledger.note_problem(source.run_id, code, why)
        self.ledger.close_run(source.run_id, RunStatus.SET_ASIDE, self.clock.now(), Tally())
