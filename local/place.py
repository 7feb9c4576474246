"""A directory that one stack at a time has for itself: two would delete each other's files and mix their parts."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import IO

from local.errors import LocalStackError
from local.paths import shown


class Place:
    """Kept until it is given back, or its process has ended, however that came."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._lock: IO[str] | None = None

    @property
    def taken(self) -> bool:
        return self._lock is not None

    def take(self) -> None:
        """Raises LocalStackError: another process has it."""
        self._directory.mkdir(parents=True, exist_ok=True)
        lock = (self._directory / "lock").open("a+")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            process = lock.read().strip()
            lock.close()
            raise LocalStackError(
                f"another stack works in {shown(self._directory)}/{f' (process {process})' if process else ''}; wait "
                "until it has ended, or end it with Ctrl-C where it runs"
            ) from None
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        self._lock = lock

    def give_back(self) -> None:
        if self._lock:
            self._lock.close()
            self._lock = None
