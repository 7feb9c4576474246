"""One process of a function, reused from invocation to invocation and killed at its deadline, as Lambda does."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from local.lambda_runtime.runtime_api import Invocation, RuntimeApi
from local.lambda_runtime.settings import FunctionSettings
from local.processes import Processes

LARGEST_RESULT = 6_291_556  # bytes
START_SECONDS = 60.0  # Lambda allows 10; a busy laptop starts four processes at once


@dataclass(frozen=True, slots=True)
class Outcome:
    """``payload``: the handler's result, or ``{"errorType", "errorMessage", …}`` if ``failed``.

    ``seconds``: of the handler's run time. ``alive``: whether the process can take another invocation.
    """

    payload: Any
    failed: bool
    seconds: float
    alive: bool


class Worker:
    """``scratch`` is the temporary folder of its execution environment. It outlives the process: Lambda starts a new
    one in the same environment after a time-out or a crash, which finds what the last one left.

    https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
    """

    def __init__(self, settings: FunctionSettings, processes: Processes, scratch: Path, log: IO[bytes]) -> None:
        self._settings = settings
        self._processes = processes
        self.scratch = scratch
        self._api = RuntimeApi()
        scratch.mkdir(parents=True, exist_ok=True)
        self._process = processes.start(
            [sys.executable, "-m", "awslambdaric", settings.handler],
            env={**settings.environment, "AWS_LAMBDA_RUNTIME_API": self._api.address, "TMPDIR": str(scratch)},
            cwd=settings.task_root,
            log=log,
        )
        threading.Thread(target=self._watch, daemon=True).start()

    @property
    def process(self) -> subprocess.Popen[bytes]:
        return self._process

    def invoke(self, request_id: str, event: bytes, trace: str) -> Outcome:
        """``trace``: the header of `local.lambda_runtime.trace`."""
        try:
            start_error = self._api.wait_until_asked(time.monotonic() + START_SECONDS)
        except TimeoutError:
            return self._killed(
                START_SECONDS, "Sandbox.Timedout", f"the process did not start in {START_SECONDS:g} seconds"
            )
        except ConnectionError:
            return self._exited(request_id, 0.0)
        if start_error:
            self.close()
            return Outcome(_json(start_error.payload), failed=True, seconds=0.0, alive=False)
        return self._run(request_id, event, trace)

    def _run(self, request_id: str, event: bytes, trace: str) -> Outcome:
        timeout = self._settings.timeout
        started = time.monotonic()
        self._api.hand_over(Invocation(request_id, event, self._settings.arn, time.time() + timeout, trace))
        try:
            answer = self._api.wait_for_answer(started + timeout)
        except TimeoutError:
            message = f"RequestId: {request_id} Error: Task timed out after {timeout:.2f} seconds"
            return self._killed(timeout, "Sandbox.Timedout", message)
        except ConnectionError:
            return self._exited(request_id, time.monotonic() - started)
        seconds = time.monotonic() - started
        if len(answer.payload) > LARGEST_RESULT:
            message = f"Response payload size exceeded maximum allowed payload size ({LARGEST_RESULT} bytes)."
            too_large = {"errorType": "Function.ResponseSizeTooLarge", "errorMessage": message}
            return Outcome(too_large, failed=True, seconds=seconds, alive=True)
        return Outcome(_json(answer.payload), failed=answer.is_error, seconds=seconds, alive=True)

    def kill(self) -> None:
        """SIGKILL, in whatever it is doing."""
        self._processes.kill(self._process)

    def close(self) -> None:
        self.kill()
        self._api.close()

    def _killed(self, seconds: float, kind: str, message: str) -> Outcome:
        self.close()
        return Outcome({"errorType": kind, "errorMessage": message}, failed=True, seconds=seconds, alive=False)

    def _exited(self, request_id: str, seconds: float) -> Outcome:
        status = self._process.wait()
        reason = f"signal: {-status}" if status < 0 else f"exit status {status}"
        message = f"RequestId: {request_id} Error: Runtime exited with error: {reason}"
        return self._killed(seconds, "Runtime.ExitError", message)

    def _watch(self) -> None:
        self._process.wait()
        self._api.process_gone()


def _json(payload: bytes) -> Any:
    return json.loads(payload) if payload else None
