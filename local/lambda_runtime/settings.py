"""One deployed function as the runtime needs it: its code, its limits and the environment of its processes."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.aws import ACCOUNT, REGION
from local.deploy.deployment import Deployment
from local.errors import LocalStackError

SANDBOX_VARIABLES = ("PATH", "LANG", "LC_ALL", "SSL_CERT_FILE")
"""All that a function's process inherits from whoever started the stack."""


@dataclass(frozen=True)
class FunctionSettings:
    """``name``: logical id. ``timeout`` in seconds. ``environment`` holds the whole environment of a process.

    ``loops_allowed``: whether it may be invoked by what it sent itself for as long as it likes. ``reserved``:
    invocations at once that are its own; None: as many as the account has left.
    """

    name: str
    arn: str
    handler: str
    timeout: float
    memory_mb: int
    task_root: Path
    environment: Mapping[str, str]
    loops_allowed: bool
    reserved: int | None

    @property
    def folder(self) -> str:
        """Of its code, such as ``deliver_email``."""
        return self.task_root.name


def function_settings(deployment: Deployment) -> dict[str, FunctionSettings]:
    """By logical id. Raises LocalStackError: a function's code is not there."""
    return {
        name: _settings(deployment, name, properties)
        for name, properties in deployment.of_type("AWS::Lambda::Function").items()
    }


def _settings(deployment: Deployment, name: str, properties: Mapping[str, Any]) -> FunctionSettings:
    physical = deployment.ids[name]
    task_root = deployment.root / properties["Code"]["S3Key"]
    module = task_root / (properties["Handler"].rsplit(".", 1)[0].replace(".", "/") + ".py")
    if not module.is_file():
        raise LocalStackError(f"{name} is to run {properties['Handler']}, but there is no {module}")
    environment = {
        **{key: os.environ[key] for key in SANDBOX_VARIABLES if key in os.environ},
        **{key: str(value) for key, value in properties.get("Environment", {}).get("Variables", {}).items()},
        **_aws_variables(deployment, physical, properties),
        **deployment.aws.of_role(properties["Role"]).credentials.environment,
        "LAMBDA_TASK_ROOT": str(task_root),
        "PYTHONUNBUFFERED": "1",  # the last words before a crash belong into the log
        "PYTHONPATH": os.pathsep.join(map(str, (task_root, *_layer_folders(deployment, properties)))),
        "TZ": ":UTC",
        "NO_PROXY": "*",
    }
    reserved = properties.get("ReservedConcurrentExecutions")
    return FunctionSettings(
        name=name,
        arn=f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{physical}",
        handler=properties["Handler"],
        timeout=float(properties.get("Timeout", 3)),
        memory_mb=int(properties.get("MemorySize", 128)),
        task_root=task_root,
        environment=environment,
        loops_allowed=properties.get("RecursiveLoop") == "Allow",
        reserved=None if reserved is None else int(reserved),
    )


def _aws_variables(deployment: Deployment, physical: str, properties: Mapping[str, Any]) -> dict[str, str]:
    """https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html, and the emulator's address."""
    return {
        "AWS_ENDPOINT_URL": deployment.aws.endpoint,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_python{sys.version_info.major}.{sys.version_info.minor}",
        "AWS_LAMBDA_FUNCTION_NAME": physical,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(properties.get("MemorySize", 128)),
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": properties.get("LoggingConfig", {}).get("LogGroup", f"/aws/lambda/{physical}"),
        "AWS_LAMBDA_LOG_STREAM_NAME": "local",
        "_HANDLER": properties["Handler"],
    }


def _layer_folders(deployment: Deployment, properties: Mapping[str, Any]) -> list[Path]:
    """The code of the working copy in the attached layers; their packages come from the virtual environment."""
    folders = []
    for arn in properties.get("Layers", []):
        content = deployment.resources[deployment.logical(arn)]["Properties"]["Content"]
        folders.append(deployment.root / content["S3Key"] / "python")
    return [folder for folder in folders if folder.is_dir()]
