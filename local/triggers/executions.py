"""Executions of state machines: how they ended, and whether any ended as its definition does not foresee."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from local.deploy.deployment import Deployment
from local.deploy.state_machines import definition, foreseen_errors
from local.errors import LocalStackError
from local.triggers.threads import Background

LOOK_AGAIN = 0.5  # seconds


@dataclass(frozen=True, slots=True)
class Execution:
    """``status``: as Step Functions has it, such as ``RUNNING`` or ``TIMED_OUT``. ``error``: its name, if it failed.

    ``foreseen``: running, ended well, or by a Fail state of the definition, before which the run was told.
    """

    name: str
    status: str
    error: str | None
    foreseen: bool


class Executions:
    def __init__(self, deployment: Deployment, background: Background) -> None:
        self._background = background
        self._step_functions = deployment.aws.stepfunctions
        self._foreseen = {
            deployment.ids[name]: foreseen_errors(definition(properties))
            for name, properties in deployment.of_type("AWS::StepFunctions::StateMachine").items()
        }

    def all(self) -> list[Execution]:
        pages = self._step_functions.get_paginator("list_executions")
        return [
            self._execution(one, foreseen)
            for machine, foreseen in self._foreseen.items()
            for page in pages.paginate(stateMachineArn=machine)
            for one in page["executions"]
        ]

    def running(self) -> bool:
        return any(
            self._step_functions.list_executions(stateMachineArn=machine, statusFilter="RUNNING")["executions"]
            for machine in self._foreseen
        )

    def watch(self) -> None:
        """Report an end that no definition foresees, then wait a little."""
        for execution in self.all():
            if not execution.foreseen:
                bad_end = f"{execution.name} ended as {execution.status} with {execution.error}"
                self._background.report(LocalStackError(f"{bad_end}, which its state machine does not foresee"))
        self._background.stopping.wait(LOOK_AGAIN)

    def _execution(self, listed: Mapping[str, Any], foreseen: set[str]) -> Execution:
        status, error = listed["status"], None
        if status == "FAILED":
            error = self._step_functions.describe_execution(executionArn=listed["executionArn"]).get("error")
        ended_well = status in ("RUNNING", "SUCCEEDED") or (status == "FAILED" and error in foreseen)
        return Execution(listed["name"], status, error, ended_well)
