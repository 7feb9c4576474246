"""What Lambda refuses when a function or a mapping is made, and moto makes.

https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from local.deploy.attributes import physical_name
from local.errors import LocalStackError

if TYPE_CHECKING:
    from local.deploy.deployment import Deployment
    from local.lambda_runtime.account import AccountLimits

MEMORY_MB = 128
SECONDS = 900
DISK_MB = (512, 10_240)
ENVIRONMENT = 4_096  # bytes
LAYERS = 5
BATCH_WITHOUT_WINDOW = 10  # messages
RESERVED_NAMES = frozenset(
    {"AWS_REGION", "AWS_DEFAULT_REGION", "AWS_EXECUTION_ENV", "LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR", "_HANDLER"}
    | {"AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_LAMBDA_RUNTIME_API"}
    | {"AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_VERSION"}
    | {"AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME", "_X_AMZN_TRACE_ID"}
)
"""https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime"""


def check(deployment: Deployment, account: AccountLimits) -> None:
    """Raises LocalStackError with Lambda's own words, one line for each resource."""
    functions = deployment.of_type("AWS::Lambda::Function")
    faults = [f"{name}: {fault}" for name, wanted in functions.items() for fault in _function_faults(wanted, account)]
    for name, mapping in deployment.of_type("AWS::Lambda::EventSourceMapping").items():
        function = functions[deployment.logical(mapping["FunctionName"])]
        queue = _queue(deployment, mapping["EventSourceArn"])
        faults += [f"{name}: {fault}" for fault in _mapping_faults(mapping, function, queue)]
    reserved = sum(int(wanted.get("ReservedConcurrentExecutions", 0)) for wanted in functions.values())
    if reserved and account.concurrency - reserved < account.unreserved:
        faults.append(
            "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution "
            f"below its minimum value of [{account.unreserved}]."
        )
    if faults:
        raise LocalStackError("AWS would not create the stack:\n  " + "\n  ".join(faults))


def _function_faults(wanted: Mapping[str, Any], account: AccountLimits) -> Iterator[str]:
    memory, seconds = int(wanted.get("MemorySize", MEMORY_MB)), int(wanted.get("Timeout", 3))
    if memory > account.memory_mb:
        yield _constraint("MemorySize", memory, f"less than or equal to {account.memory_mb}")
    if memory < MEMORY_MB:
        yield _constraint("MemorySize", memory, f"greater than or equal to {MEMORY_MB}")
    if seconds > SECONDS:
        yield _constraint("Timeout", seconds, f"less than or equal to {SECONDS}")
    least, most = DISK_MB
    if not least <= int(wanted.get("EphemeralStorage", {}).get("Size", least)) <= most:
        yield _constraint("EphemeralStorage", wanted["EphemeralStorage"]["Size"], f"between {least} and {most}")
    if len(wanted.get("Layers", [])) > LAYERS:
        yield f"Cannot reference more than {LAYERS} layers."
    variables = wanted.get("Environment", {}).get("Variables", {})
    if len(json.dumps(variables, separators=(",", ":")).encode()) > ENVIRONMENT:
        yield (
            "Lambda was unable to configure your environment variables because the environment variables you have "
            "provided exceeded the 4KB limit."
        )
    if reserved := sorted(RESERVED_NAMES & set(variables)):
        yield (
            "Lambda was unable to configure your environment variables because the environment variables you have "
            "provided contains reserved keys that are currently not supported for modification. Reserved keys used in "
            f"this request: {', '.join(reserved)}"
        )


def _mapping_faults(mapping: Mapping[str, Any], function: Mapping[str, Any], queue: Mapping[str, Any]) -> Iterator[str]:
    visibility, seconds = int(queue.get("VisibilityTimeout", 30)), int(function.get("Timeout", 3))
    if visibility < seconds:
        yield f"Queue visibility timeout: {visibility} seconds is less than Function timeout: {seconds} seconds"
    window = int(mapping.get("MaximumBatchingWindowInSeconds", 0))
    if int(mapping.get("BatchSize", 10)) > BATCH_WITHOUT_WINDOW and not window:
        yield "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10"
    concurrency = int(mapping.get("ScalingConfig", {}).get("MaximumConcurrency", 2))
    if concurrency < 2:  # noqa: PLR2004 - the least that Lambda takes
        yield _constraint("ScalingConfig.MaximumConcurrency", concurrency, "greater than or equal to 2")


def _constraint(name: str, value: object, wanted: str) -> str:
    return f"'{name}' value failed to satisfy constraint: Member must have value {wanted} (it is {value})"


def _queue(deployment: Deployment, arn: str) -> Mapping[str, Any]:
    queues = deployment.of_type("AWS::SQS::Queue")
    return next(wanted for name, wanted in queues.items() if physical_name(deployment.ids[name]) == physical_name(arn))
