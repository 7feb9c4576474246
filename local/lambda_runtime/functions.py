"""The functions of one deployment: finding each by its names, and what all of them have done."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from local.deploy.deployment import Deployment
from local.errors import LocalStackError
from local.lambda_runtime.account import AccountLimits, Concurrency
from local.lambda_runtime.function import Function, InvocationRecord
from local.lambda_runtime.settings import function_settings
from local.processes import Processes

Environment = Callable[[str, Mapping[str, str]], Mapping[str, str]]
"""Given a function's folder, such as ``deliver_email``, and the environment of its processes, what takes the place of
some of it."""


class Functions:
    """None before `deploy`."""

    def __init__(self) -> None:
        self.by_logical_id: dict[str, Function] = {}
        self._lock = threading.Lock()
        self._records: list[InvocationRecord] = []

    def deploy(
        self,
        deployment: Deployment,
        processes: Processes,
        directory: Path,
        limits: AccountLimits,
        environment: Environment,
    ) -> None:
        """``directory``: of the stack's logs and scratch files."""
        settings = {
            name: replace(one, environment={**one.environment, **environment(one.folder, one.environment)})
            for name, one in function_settings(deployment).items()
        }
        reserved = {name: one.reserved for name, one in settings.items() if one.reserved is not None}
        concurrency = Concurrency(limits, reserved)
        self.by_logical_id = {
            name: Function(one, processes, directory, concurrency, self._record) for name, one in settings.items()
        }

    @property
    def invocations(self) -> list[InvocationRecord]:
        """All that have finished, oldest first."""
        with self._lock:
            return list(self._records)

    def find(self, name: str) -> Function:
        """By logical id or by its folder, such as ``deliver_email``. Raises LocalStackError: there is none."""
        for logical, function in self.by_logical_id.items():
            if name in (logical, function.settings.folder):
                return function
        raise LocalStackError(f"there is no function {name}; there are {', '.join(sorted(self.by_logical_id))}")

    def find_in_aws(self, name: str) -> Function:
        """By the name that AWS gave it. Raises LocalStackError: there is none."""
        for function in self.by_logical_id.values():
            if function.settings.arn.endswith(f":{name}"):
                return function
        raise LocalStackError(f"there is no function {name}")

    def forget_warm_processes(self) -> None:
        for function in self.by_logical_id.values():
            function.forget_warm_processes()

    def processes(self) -> dict[str, int]:
        """Process ids by the function's folder and a number."""
        return {
            f"{function.settings.folder}-{number}": pid
            for function in self.by_logical_id.values()
            for number, pid in enumerate(function.pids, start=1)
        }

    def close(self) -> None:
        for function in self.by_logical_id.values():
            function.close()

    def _record(self, record: InvocationRecord) -> None:
        with self._lock:
            self._records.append(record)
