"""Executions of state machines: how they ended, and whether any ended as its definition does not foresee."""

from __future__ import annotations

from dataclasses import dataclass

from local.deploy.deployment import Deployment
from local.deploy.state_machines import definition, foreseen_errors


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
    def __init__(self, deployment: Deployment) -> None:
        self._step_functions = deployment.aws.stepfunctions
        self._foreseen = {
            deployment.ids[name]: foreseen_errors(definition(properties))
            for name, properties in deployment.of_type("AWS::StepFunctions::StateMachine").items()
        }

    def all(self) -> list[Execution]:
        pages = self._step_functions.get_paginator("list_executions")
        return [
            self._described(one["executionArn"], foreseen)
            for machine, foreseen in self._foreseen.items()
            for page in pages.paginate(stateMachineArn=machine)
            for one in page["executions"]
        ]

    def unforeseen(self) -> list[Execution]:
        return [execution for execution in self.all() if not execution.foreseen]

    def _described(self, arn: str, foreseen: set[str]) -> Execution:
        found = self._step_functions.describe_execution(executionArn=arn)
        status, error = found["status"], found.get("error")
        ended_well = status in ("RUNNING", "SUCCEEDED") or (status == "FAILED" and error in foreseen)
        return Execution(found["name"], status, error, ended_well)
