"""One deployed function: invocations in, outcomes out, with a pool of warm processes behind it."""

from __future__ import annotations

import itertools
import json
import shutil
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.errors import StoppedError, ThrottledError
from local.lambda_runtime.account import Concurrency
from local.lambda_runtime.settings import FunctionSettings
from local.lambda_runtime.trace import LONGEST_LOOP, LOOP, Trace
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
        concurrency: Concurrency,
        record: Callable[[InvocationRecord], None],
    ) -> None:
        """``directory``: where ``logs/`` and ``tmp/`` are. ``concurrency``: of the account."""
        self.settings = settings
        self._processes = processes
        self._scratch = directory / "tmp"
        self._concurrency = concurrency
        self._record = record
        self._lock = threading.Lock()
        self._idle: list[Worker] = []
        self._busy: list[Worker] = []
        self._without_process: list[Path] = []
        self._numbers = itertools.count(1)
        self._closed = False
        self.log_path = directory / "logs" / f"{settings.name}.log"
        self.log_path.parent.mkdir(parents=True, exist_ok=True)
        self._log = self.log_path.open("ab", buffering=0)

    def invoke(self, event: Any, request_id: str | None = None, trace: str | None = None) -> Outcome:
        """``request_id`` of an earlier attempt makes this a repeat of it. ``trace``: the header that came with the
        event, by which a loop is known; an invocation too many in it is refused without being run.

        Raises:
            ThrottledError: the function, or the account, has as many invocations under way as it may.
            StoppedError: the stack is stopping.
        """
        request_id = request_id or str(uuid.uuid4())
        followed = Trace.read(trace).entering(self.settings.arn)
        if followed.invocations_of(self.settings.arn) > LONGEST_LOOP and not self.settings.loops_allowed:
            return self._refuse_loop(request_id)
        if not self._concurrency.begin(self.settings.name):
            raise ThrottledError(f"{self.settings.name} runs as often at once as it may")
        try:
            return self._run(event, request_id, followed)
        finally:
            self._concurrency.end(self.settings.name)

    def _run(self, event: Any, request_id: str, trace: Trace) -> Outcome:
        worker, cold = self._take()
        started_at = time.time()
        self._write_log(f"START RequestId: {request_id} Version: $LATEST")
        outcome = worker.invoke(request_id, json.dumps(event).encode(), trace.header)
        self._give_back(worker, alive=outcome.alive)
        error = str((outcome.payload or {}).get("errorType", "Unknown")) if outcome.failed else None
        self._write_log(f"END RequestId: {request_id}")
        self._write_log(
            f"REPORT RequestId: {request_id} Duration: {outcome.seconds * 1000:.0f} ms {error or ''}".rstrip()
        )
        self._record(InvocationRecord(self.settings.name, request_id, started_at, outcome.seconds, cold, error))
        return outcome

    def _refuse_loop(self, request_id: str) -> Outcome:
        """As Lambda does; it counts them as ``RecursiveInvocationsDropped``."""
        message = f"{self.settings.name} was invoked {LONGEST_LOOP} times in one chain of requests; the next is refused"
        self._write_log(f"{LOOP} RequestId: {request_id} {message}")
        self._record(InvocationRecord(self.settings.name, request_id, time.time(), 0.0, cold=False, error=LOOP))
        return Outcome({"errorType": LOOP, "errorMessage": message}, failed=True, seconds=0.0, alive=False)

    @property
    def running(self) -> int:
        """Invocations under way."""
        with self._lock:
            return len(self._busy)

    @property
    def pids(self) -> list[int]:
        """Of its processes, whether they have an invocation or not."""
        with self._lock:
            return [worker.process.pid for worker in (*self._idle, *self._busy)]

    @property
    def scratch_folders(self) -> list[Path]:
        """The temporary folders of its execution environments, whether a process is in them or not."""
        return sorted(self._scratch.glob(f"{self.settings.name}-*"))

    def kill_running(self) -> int:
        """SIGKILL every process that has an invocation; returns how many."""
        with self._lock:
            busy = list(self._busy)
        for worker in busy:
            worker.kill()
        return len(busy)

    def forget_warm_processes(self) -> None:
        """The next invocation is a cold start in a new environment."""
        with self._lock:
            idle, self._idle = self._idle, []
            left, self._without_process = self._without_process, []
        for worker in idle:
            worker.close()
        for scratch in (*left, *(worker.scratch for worker in idle)):
            shutil.rmtree(scratch, ignore_errors=True)

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
            ended = self._part_with_ended()
            cold = not self._idle
            worker = (
                Worker(self.settings, self._processes, self._environment(), self._log) if cold else self._idle.pop()
            )
            self._busy.append(worker)
        for each in ended:
            each.close()
        return worker, cold

    def _part_with_ended(self) -> list[Worker]:
        """Those whose processes have ended while they had nothing to do."""
        ended = [worker for worker in self._idle if worker.process.poll() is not None]
        self._idle = [worker for worker in self._idle if worker not in ended]
        self._without_process += [worker.scratch for worker in ended]
        return ended

    def _environment(self) -> Path:
        """The temporary folder of an environment whose process has ended, before one of a new environment."""
        if self._without_process:
            return self._without_process.pop()
        return self._scratch / f"{self.settings.name}-{next(self._numbers)}"

    def _give_back(self, worker: Worker, *, alive: bool) -> None:
        if not alive:
            worker.close()  # before another process gets its folder
        with self._lock:
            self._busy.remove(worker)
            keep = alive and not self._closed
            if keep:
                self._idle.append(worker)
            else:
                self._without_process.append(worker.scratch)
        if alive and not keep:
            worker.close()

    def _write_log(self, line: str) -> None:
        with self._lock:
            if not self._closed:
                self._log.write(f"{line}\n".encode())
