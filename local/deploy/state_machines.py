"""State machines: moto's CloudFormation makes them where its interpreter does not look. Made there, by the same ARN."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from local.errors import LocalStackError

if TYPE_CHECKING:
    from local.deploy.deployment import Deployment

_PLACEHOLDER = re.compile(r"\$\{([A-Za-z0-9_]+)\}")

_EVERY_STATE = {"Type", "Comment", "Next", "End", "InputPath", "OutputPath", "ResultSelector", "ResultPath"}
_WORKING_STATE = _EVERY_STATE | {"Parameters", "Retry", "Catch", "TimeoutSeconds"}
FIELDS = {
    "Pass": _EVERY_STATE | {"Parameters", "Result"},
    "Task": _WORKING_STATE | {"Resource"},
    "Map": _WORKING_STATE
    | {"ItemReader", "ItemSelector", "ItemProcessor", "MaxConcurrency", "MaxConcurrencyPath", "Label"},
    "Choice": _EVERY_STATE | {"Choices", "Default"},
    "Succeed": _EVERY_STATE,
    "Fail": _EVERY_STATE | {"Error", "Cause"},
}
"""What is known to run here as it does on AWS. A map that tolerates failures is not among it, since
`local.emulator.state_machines` lets none pass."""

RESOURCES = ("states:::lambda:invoke", "states:::s3:getObject")
"""Ends of the ARNs that a definition may call: there are clients for these in `local.emulator.state_machines`."""


def make_good(deployment: Deployment) -> None:
    for name, properties in deployment.of_type("AWS::StepFunctions::StateMachine").items():
        text = definition(properties)
        check(name, text)
        arn = deployment.aws.stepfunctions.create_state_machine(
            name=deployment.ids[name].rsplit(":", 1)[-1],
            definition=text,
            roleArn=properties["RoleArn"],
            type=properties["StateMachineType"],
            loggingConfiguration=logging_configuration(properties),
        )["stateMachineArn"]
        if arn != deployment.ids[name]:
            raise LocalStackError(
                f"the state machine {name} is {arn}, but others refer to it as {deployment.ids[name]}"
            )


def check(name: str, text: str) -> None:
    """Raises LocalStackError: the definition has what would run otherwise than on AWS."""
    if faults := list(_faults(json.loads(text))):
        raise LocalStackError(f"the local stack cannot run the state machine {name}: {'; '.join(faults)}")


def definition(properties: Mapping[str, Any]) -> str:
    """With its substitutions made. Raises LocalStackError: one is not declared."""
    values = properties.get("DefinitionSubstitutions", {})

    def value(found: re.Match[str]) -> str:
        if found[1] not in values:
            raise LocalStackError(f"a state machine's definition holds {found[0]}, which is no substitution of its own")
        return str(values[found[1]])

    return _PLACEHOLDER.sub(value, properties["DefinitionString"])


def logging_configuration(properties: Mapping[str, Any]) -> dict[str, Any]:
    """As the API has it: the same names, beginning small."""
    converted: dict[str, Any] = _beginning_small(properties.get("LoggingConfiguration", {"Level": "OFF"}))
    return converted


def foreseen_errors(text: str) -> set[str]:
    """The errors that a definition itself ends with."""
    return {state.get("Error", "") for _, state in states(text) if state["Type"] == "Fail"}


def _beginning_small(value: Any) -> Any:
    if isinstance(value, dict):
        return {name[0].lower() + name[1:]: _beginning_small(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_beginning_small(item) for item in value]
    return value


def states(text: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Name and settings of each state of a definition, those inside maps too."""
    return _states(json.loads(text))


def _states(program: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name, state in program["States"].items():
        yield name, state
        yield from _states(state.get("ItemProcessor", {"States": {}}))


def _faults(program: Mapping[str, Any]) -> Iterator[str]:
    for name, state in _states(program):
        kind = state["Type"]
        if kind not in FIELDS:
            yield f"{name} is a state of type {kind}"
            continue
        if unknown := sorted(set(state) - FIELDS[kind]):
            yield f"{name} has {', '.join(unknown)}"
        calls = [part["Resource"] for part in (state, state.get("ItemReader", {})) if "Resource" in part]
        yield from (f"{name} calls {resource}" for resource in calls if not resource.endswith(RESOURCES))
