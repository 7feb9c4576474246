"""Starting and ending child processes so that none is left behind, however the stack ends."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from local.errors import LocalStackError

REAPER = Path(__file__).with_name("reaper.py")


class Processes:
    """Child processes, each leader of a group of its own: Ctrl-C reaches only the stack, an end takes each whole."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._alive: set[subprocess.Popen[bytes]] = set()
        self._reaper = subprocess.Popen(  # -I -S: nothing to import, starts in 10 ms
            [sys.executable, "-I", "-S", str(REAPER)], stdin=subprocess.PIPE, start_new_session=True
        )

    def start(
        self, command: Sequence[str], *, env: Mapping[str, str], cwd: Path, log: IO[bytes] | int
    ) -> subprocess.Popen[bytes]:
        with self._lock:
            process = subprocess.Popen(
                command,
                env=dict(env),
                cwd=cwd,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            self._alive.add(process)
            self._tell_reaper(f"+{process.pid}")
        return process

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """SIGKILL the process and what it started; returns when it is gone. A second call does nothing."""
        with self._lock:
            if process not in self._alive:
                return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self._forget(process)

    def terminate(self, process: subprocess.Popen[bytes], seconds: float = 3.0) -> None:
        """Ask it to end, and kill it when it has not within ``seconds``."""
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
        self.kill(process)

    def end_all(self) -> None:
        with self._lock:
            alive = list(self._alive)
        for process in alive:
            self.kill(process)
        if self._reaper.stdin:
            with contextlib.suppress(BrokenPipeError):
                self._reaper.stdin.close()
        self._reaper.wait()

    def _forget(self, process: subprocess.Popen[bytes]) -> None:
        with self._lock:
            if process in self._alive:
                self._alive.discard(process)
                self._tell_reaper(f"-{process.pid}")

    def _tell_reaper(self, line: str) -> None:
        if self._reaper.stdin:
            with contextlib.suppress(BrokenPipeError, ValueError):  # gone only when the stack is ending
                self._reaper.stdin.write(f"{line}\n".encode())
                self._reaper.stdin.flush()


def wait_until_ready(
    process: subprocess.Popen[bytes], ready_file: Path, log: Path, name: str, seconds: float = 60
) -> str:
    """The text of the file that ``process`` writes when it serves.

    Raises:
        LocalStackError: it ended, or was not ready in time; with the end of its log.
    """
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if ready_file.exists() and (text := ready_file.read_text().strip()):
            return text
        if process.poll() is not None:
            raise LocalStackError(f"{name} ended with status {process.returncode} while starting. {_tail(log)}")
        time.sleep(0.02)
    raise LocalStackError(f"{name} was not ready after {seconds:g} s. {_tail(log)}")


def _tail(log: Path, lines: int = 15) -> str:
    if not log.exists():
        return ""
    return f"The end of {log}:\n" + "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
