"""The parts of the look at an SFTP server, for a person with AWS credentials of their own."""

from __future__ import annotations

from listrak_relay.adapters.aws.clients import client
from listrak_relay.adapters.aws.destinations_file import S3DestinationBook
from listrak_relay.adapters.aws.secrets import SecretsManagerStore
from listrak_relay.adapters.aws.stack_outputs import stack_outputs
from listrak_relay.adapters.sftp.accounts import SftpAccounts
from listrak_relay.adapters.sftp.gateway import ParamikoSftp
from listrak_relay.domain.destinations.destinations import FeedDestination
from listrak_relay.domain.feeds.sftp_account import read_account
from listrak_relay.errors import ConfigurationError
from listrak_relay.ports.sftp import SftpCheck
from listrak_relay.wiring import aws


def check_server(stack: str, destination: str) -> SftpCheck:
    """Look at the server that a destination of a deployed stack sends to.

    Raises:
        RelayError: there is no such stack or destination, its secret is wrong, or the server cannot be reached.
    """
    outputs = stack_outputs(client("cloudformation"), stack)
    found = S3DestinationBook(outputs["WorkBucketName"], client("s3"), aws.CLOCK).find(destination)
    if not isinstance(found, FeedDestination):
        raise ConfigurationError(
            "destination_not_sftp", f"destination {destination} is of channel {found.channel}; it has no SFTP server"
        )
    accounts = SftpAccounts(SecretsManagerStore(client("secretsmanager")), outputs["ListrakSftpSecretName"])
    return accounts.for_feed(found.secret, found.feed).check()


def try_account(name: str, text: str) -> SftpCheck:
    """Look at the server by a secret that is not yet in place. ``name``: what messages call it.

    Raises:
        RelayError: it is not of the form that it must have, or the server cannot be reached or does not let it in.
    """
    return ParamikoSftp(read_account(name, text)).check()
