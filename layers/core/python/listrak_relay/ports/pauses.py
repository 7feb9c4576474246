"""What an operator has stopped, destination by destination."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

_WAY_OUT = "*"


@dataclass(frozen=True, slots=True)
class Pause:
    """``since``: epoch seconds. ``resumed_at``: epoch seconds, None while it lasts."""

    since: float
    resumed_at: float | None = None

    @property
    def lasts(self) -> bool:
        return self.resumed_at is None


class Pauses(Protocol):
    """``name``: of a destination, or `way_out` of a channel. Raises RetryableError when it is throttled or away."""

    def find(self, name: str) -> Pause | None:
        """The last one; None: it was never paused, or longer ago than the ledger keeps."""
        ...


class PauseBook(Pauses, Protocol):
    """What an operator writes down. Times are epoch seconds."""

    def lasting(self) -> dict[str, Pause]:
        """Those that have not ended, by name."""
        ...

    def pause(self, name: str, at: float) -> None:
        """One that lasts goes on as it is."""
        ...

    def resume(self, name: str, at: float) -> None:
        """What is not paused stays so."""
        ...


def way_out(channel: str) -> str:
    """The name under which a pause of everything that goes out by one channel is kept. No destination has it."""
    return f"{_WAY_OUT}{channel}"


def is_way_out(name: str) -> bool:
    """Whether a pause of this name is that of a way out."""
    return name.startswith(_WAY_OUT)
