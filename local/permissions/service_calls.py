"""What AWS itself does in the name of a role: polling a queue, writing logs, delivering what failed.

No function makes these calls, so no emulator sees them; they follow from the settings of the resources.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from local.aws import ACCOUNT, REGION
from local.deploy.state_machines import definition, states

if TYPE_CHECKING:
    from local.deploy.deployment import Deployment

POLLING = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")
"""https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html#events-sqs-permissions"""
LOGGING = ("logs:CreateLogStream", "logs:PutLogEvents")
"""https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-permissions.html"""
LOG_DELIVERY = (
    *("logs:CreateLogDelivery", "logs:CreateLogStream", "logs:GetLogDelivery", "logs:UpdateLogDelivery"),
    *("logs:DeleteLogDelivery", "logs:ListLogDeliveries", "logs:PutResourcePolicy", "logs:DescribeResourcePolicies"),
    "logs:DescribeLogGroups",
)
"""https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html#cloudwatch-iam-policy"""


@dataclass(frozen=True, slots=True)
class ServiceCall:
    """``role``: its name. ``needed_for``: what AWS would not set up, or not do, without it."""

    role: str
    action: str
    resource: str
    needed_for: str


def service_calls(deployment: Deployment) -> Iterator[ServiceCall]:
    functions = deployment.of_type("AWS::Lambda::Function")
    roles = {name: role_name(properties["Role"]) for name, properties in functions.items()}
    for name, properties in functions.items():
        yield from _logging(name, roles[name], properties)
    for name, properties in deployment.of_type("AWS::Lambda::EventSourceMapping").items():
        role = roles[deployment.logical(properties["FunctionName"])]
        yield from (ServiceCall(role, action, properties["EventSourceArn"], name) for action in POLLING)
    for name, properties in deployment.of_type("AWS::Lambda::EventInvokeConfig").items():
        role = roles[deployment.logical(properties["FunctionName"])]
        if destination := properties.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination"):
            yield ServiceCall(role, "sqs:SendMessage", destination, name)
    for name, properties in deployment.of_type("AWS::StepFunctions::StateMachine").items():
        yield from _state_machine(deployment.ids[name], name, properties)


def role_name(arn: str) -> str:
    return arn.rpartition("/")[2]


def _logging(name: str, role: str, properties: Mapping[str, Any]) -> Iterator[ServiceCall]:
    if group := properties.get("LoggingConfig", {}).get("LogGroup"):
        stream = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{group}:log-stream:one"
        yield from (ServiceCall(role, action, stream, name) for action in LOGGING)


def _state_machine(arn: str, name: str, properties: Mapping[str, Any]) -> Iterator[ServiceCall]:
    """A distributed map starts its items as executions of its own state machine, follows them and may stop them.

    https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html
    """
    role = role_name(properties["RoleArn"])
    if properties.get("LoggingConfiguration", {}).get("Level", "OFF") != "OFF":
        yield from (ServiceCall(role, action, "*", name) for action in LOG_DELIVERY)
    maps = [state for state, settings in states(definition(properties)) if settings["Type"] == "Map"]
    if not maps:
        return
    yield ServiceCall(role, "states:StartExecution", arn, name)
    executions = arn.replace(":stateMachine:", ":execution:")
    for execution in (f"{executions}:one", *(f"{executions}/{label}:one" for label in maps)):
        yield ServiceCall(role, "states:DescribeExecution", execution, name)
        yield ServiceCall(role, "states:StopExecution", execution, name)
