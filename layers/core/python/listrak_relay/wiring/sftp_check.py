"""The parts of the look at an SFTP server, for a person with AWS credentials of their own."""

from __future__ import annotations

from botocore.exceptions import BotoCoreError, ClientError

from listrak_relay.adapters.aws.destinations_file import S3DestinationBook
from listrak_relay.adapters.aws.secrets import SecretsManagerStore
from listrak_relay.adapters.sftp.accounts import SftpAccounts
from listrak_relay.errors import ConfigurationError
from listrak_relay.ports.sftp import SftpCheck
from listrak_relay.wiring import aws


def check_server(stack: str, destination: str) -> SftpCheck:
    """Look at the server that a destination of a deployed stack sends to.

    Raises:
        RelayError: there is no such stack or destination, its secret is wrong, or the server cannot be reached.
    """
    outputs = _outputs(stack)
    found = S3DestinationBook(outputs["WorkBucketName"], aws.client("s3"), aws.CLOCK).find(destination)
    if found.feed is None:
        raise ConfigurationError(
            "destination_not_sftp", f"destination {destination} is of channel {found.channel}; it has no SFTP server"
        )
    accounts = SftpAccounts(SecretsManagerStore(aws.client("secretsmanager")), outputs["ListrakSftpSecretName"])
    return accounts.for_feed(found.secret, found.feed).check()


def _outputs(stack: str) -> dict[str, str]:
    try:
        described = aws.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
    except (ClientError, BotoCoreError) as error:
        raise ConfigurationError("stack_unknown", f"cannot look at the stack {stack}: {error}") from error
    return {output["OutputKey"]: output["OutputValue"] for output in described["Outputs"]}
