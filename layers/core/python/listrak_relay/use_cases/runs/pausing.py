"""A destination that an operator has paused: what was dropped for it waits."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from listrak_relay.domain.destinations.destinations import Destination
from listrak_relay.domain.run.runs import Run
from listrak_relay.errors import BoundedWaitError
from listrak_relay.ports.pauses import Pauses, way_out
from listrak_relay.ports.storage import ObjectStore
from listrak_relay.use_cases.runs.manifest_store import load_manifest

LOOK_SECONDS = 60.0
"""Between two looks whether it still lasts."""


class PausedError(BoundedWaitError):
    """An operator has paused the destination; only an operator ends it."""


@dataclass(frozen=True, slots=True)
class Pausing:
    pauses: Pauses
    store: ObjectStore

    def check(self, destination: Destination) -> None:
        """Raises PausedError: nothing is to be sent now."""
        pause = self.pauses.find(destination.name)
        if pause and pause.lasts:
            raise PausedError(f"destination {destination.name} is paused", LOOK_SECONDS)

    def begin_of(self, run: Run) -> float | None:
        """The time, in epoch seconds, from which the run's age counts: a pause is not held against it, whether of its
        destination or of its whole way out. None: a pause lasts, and the run has no age. Its file has been read."""
        names = [run.destination]
        with suppress(FileNotFoundError):  # without its manifest the run is to end all the same
            names.append(way_out(load_manifest(self.store, run.run_id).destination.channel))
        found = map(self.pauses.find, names)
        pauses = [pause for pause in found if pause]
        if any(pause.lasts for pause in pauses):
            return None
        return max([run.opened_at, *(pause.resumed_at for pause in pauses if pause.resumed_at is not None)])
