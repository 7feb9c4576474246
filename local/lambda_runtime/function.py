"""One deployed function: invocations in, outcomes out, with a pool of warm processes behind it."""

from __future__ import annotations

import itertools
import json
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.errors import StoppedError
from local.lambda_runtime.settings import FunctionSettings
from local.lambda_runtime.worker import Outcome, Worker
from local.processes import Processes


@dataclass(frozen=True, slots=True)
class InvocationRecord:
    """One finished invocation. ``error``: its type, None if it ended well. ``started_at`` in epoch seconds."""

    function: str
    request_id: str
    started_at: float
    seconds: float
    cold: bool
    error: str | None


class Function:
    """Safe to be invoked by many threads; each invocation has a process to itself. Processes start on demand."""

    def __init__(
        self,
        settings: FunctionSettings,
        processes: Processes,
        directory: Path,
        record: Callable[[InvocationRecord], None],
    ) -> None:
        """``directory``: where ``logs/`` and ``tmp/`` are."""
        self.settings = settings
        self._processes = processes
        self._scratch = directory / "tmp"
        self._record = record
        self._lock = threading.Lock()
        self._idle: list[Worker] = []
        self._busy: list[Worker] = []
        self._numbers = itertools.count(1)
        self._closed = False
        self.log_path = directory / "logs" / f"{settings.name}.log"
        self.log_path.parent.mkdir(parents=True, exist_ok=True)
        self._log = self.log_path.open("ab", buffering=0)

    def invoke(self, event: Any, request_id: str | None = None) -> Outcome:
        """``request_id`` of an earlier attempt makes this a repeat of it. Raises StoppedError."""
        request_id = request_id or str(uuid.uuid4())
        worker, cold = self._take()
        started_at = time.time()
        self._write_log(f"START RequestId: {request_id} Version: $LATEST")
        outcome = worker.invoke(request_id, json.dumps(event).encode())
        self._give_back(worker, alive=outcome.alive)
        error = str((outcome.payload or {}).get("errorType", "Unknown")) if outcome.failed else None
        self._write_log(f"END RequestId: {request_id}")
        self._write_log(
            f"REPORT RequestId: {request_id} Duration: {outcome.seconds * 1000:.0f} ms {error or ''}".rstrip()
        )
        self._record(InvocationRecord(self.settings.name, request_id, started_at, outcome.seconds, cold, error))
        return outcome

    @property
    def running(self) -> int:
        """Invocations under way."""
        with self._lock:
            return len(self._busy)

    def kill_running(self) -> int:
        """SIGKILL every process that has an invocation; returns how many."""
        with self._lock:
            busy = list(self._busy)
        for worker in busy:
            worker.kill()
        return len(busy)

    def forget_warm_processes(self) -> None:
        """The next invocation is a cold start."""
        with self._lock:
            idle, self._idle = self._idle, []
        for worker in idle:
            worker.close()

    def close(self) -> None:
        """Ends invocations under way; later ones raise StoppedError."""
        with self._lock:
            self._closed = True
            self._log.close()
        self.kill_running()
        self.forget_warm_processes()

    def _take(self) -> tuple[Worker, bool]:
        with self._lock:
            if self._closed:
                raise StoppedError(f"{self.settings.name} takes no more invocations: the stack is stopping")
            self._idle = [worker for worker in self._idle if worker.process.poll() is None]
            cold = not self._idle
            if cold:
                scratch = self._scratch / f"{self.settings.name}-{next(self._numbers)}"
                worker = Worker(self.settings, self._processes, scratch, self._log)
            else:
                worker = self._idle.pop()
            self._busy.append(worker)
            return worker, cold

    def _give_back(self, worker: Worker, *, alive: bool) -> None:
        with self._lock:
            self._busy.remove(worker)
            keep = alive and not self._closed
            if keep:
                self._idle.append(worker)
        if not keep:
            worker.close()

    def _write_log(self, line: str) -> None:
        with self._lock:
            if not self._closed:
                self._log.write(f"{line}\n".encode())
