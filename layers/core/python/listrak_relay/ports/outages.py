"""Whether Listrak is there at all, as one function of the stack has found for all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Outage:
    """``wait``: seconds until somebody is to look whether it is over; 0: whoever is given this is."""

    wait: float


class Outages(Protocol):
    """Raises RetryableError. ``name``: of an API with its credentials."""

    def look(self, name: str, pause: float) -> Outage | None:
        """None: none is known. Of those who ask when it is time to look, one is given a wait of 0, and the next one
        ``pause`` seconds later."""
        ...

    def begin(self, name: str, pause: float) -> None:
        """It does not answer, or still not; it is to be looked at in ``pause`` seconds."""
        ...

    def end(self, name: str) -> None:
        """It answers."""
        ...
