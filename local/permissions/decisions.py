"""What an emulator decided about each call of a role: a line of JSON each, written by its process and read by ours."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
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
    """For many threads of one process that writes, and any number of readers."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()

    def add(self, decision: Decision) -> None:
        line = json.dumps(asdict(decision)) + "\n"
        with self._lock, self._path.open("a", encoding="utf-8") as file:
            file.write(line)


class Decisions:
    """The file as it grows. Safe to be asked by many threads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._offset = 0
        self._read: list[Decision] = []
        self._denied: dict[tuple[str, str, str], Decision] = {}

    def all(self) -> list[Decision]:
        """Oldest first; none where no call was made yet. A line that is being written is left for later."""
        with self._lock:
            self._read_on()
            return list(self._read)

    def denied(self) -> list[Decision]:
        """Each once, oldest first."""
        with self._lock:
            self._read_on()
            return list(self._denied.values())

    def _read_on(self) -> None:
        if not self.path.exists():
            return
        with self.path.open("rb") as file:
            file.seek(self._offset)
            for line in file:
                if not line.endswith(b"\n"):
                    break
                self._offset += len(line)
                one = Decision(**json.loads(line))
                self._read.append(one)
                if not one.allowed:
                    self._denied.setdefault((one.role, one.action, one.resource), one)
