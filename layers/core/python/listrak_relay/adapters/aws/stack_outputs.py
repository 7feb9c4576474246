"""The outputs of a deployed stack, for a person with AWS credentials of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from listrak_relay.errors import ConfigurationError

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient


def stack_outputs(client: CloudFormationClient, stack: str) -> dict[str, str]:
    """Output key → value.

    Raises:
        ConfigurationError: there is no such stack, or these credentials may not look at it.
    """
    try:
        described = client.describe_stacks(StackName=stack)["Stacks"][0]
    except (ClientError, BotoCoreError) as error:
        raise ConfigurationError("stack_unknown", f"cannot look at the stack {stack}: {error}") from error
    return {output["OutputKey"]: output["OutputValue"] for output in described.get("Outputs", [])}
