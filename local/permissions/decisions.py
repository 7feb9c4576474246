"""What an emulator decided about each call of a role: a line of JSON each, written by its process and read by ours."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Decision:
    """``role``: its name in AWS. ``resource``: its ARN. ``context``: condition keys of the request."""

    role: str
    action: str
    resource: str
    allowed: bool
    context: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.role} may not do {self.action} on {self.resource}"


class DecisionFile:
    """For many threads of one process that writes, and any number of readers. Open until the end of a ``with``."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        self._file = path.open("ab", buffering=0)

    def add(self, decision: Decision) -> None:
        line = json.dumps(asdict(decision)) + "\n"
        with self._lock:
            self._file.write(line.encode())

    def __enter__(self) -> DecisionFile:
        return self

    def __exit__(self, *_error: object) -> None:
        self._file.close()


class Decisions:
    """The file as it grows, of which only what was denied is kept in memory. Safe to be asked by many threads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._offset = 0
        self._denied: dict[tuple[str, str, str], Decision] = {}

    def all(self) -> list[Decision]:
        """Oldest first; none where no call was made yet. A line that is being written is left for later."""
        return [one for one, _ in self._from(0)]

    def denied(self) -> list[Decision]:
        """Each once, oldest first."""
        with self._lock:
            for one, end in self._from(self._offset):
                self._offset = end
                if not one.allowed:
                    self._denied.setdefault((one.role, one.action, one.resource), one)
            return list(self._denied.values())

    def _from(self, offset: int) -> Iterator[tuple[Decision, int]]:
        """Each with where its line ends."""
        if not self.path.exists():
            return
        with self.path.open("rb") as file:
            file.seek(offset)
            for line in file:
                if not line.endswith(b"\n"):
                    break
                offset += len(line)
                yield Decision(**json.loads(line)), offset
