"""Which AWS is spoken to: profile, region and address, as the aws command has them."""

from __future__ import annotations

import os
from dataclasses import dataclass

import boto3

from cli.errors import CommandError, ExitCode

LOCAL_ENDPOINT = "http://127.0.0.1:4566"
_LOCAL = {
    "AWS_ACCESS_KEY_ID": "local",
    "AWS_SECRET_ACCESS_KEY": "local",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_REGION": "us-east-1",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
    "NO_PROXY": "*",
}


@dataclass(frozen=True, slots=True)
class Place:
    """``local``: the stack that `make local` keeps up, with its own credentials."""

    stack: str
    local: bool
    profile: str | None
    region: str | None
    endpoint_url: str | None


def use(place: Place) -> None:
    """Every client that is made from now on speaks to this place.

    Raises:
        CommandError: ``endpoint_url`` is no address.
    """
    if place.endpoint_url and not place.endpoint_url.startswith(("http://", "https://")):
        raise CommandError(
            f"{place.endpoint_url!r} is no address; write one such as {LOCAL_ENDPOINT}", ExitCode.WRONG_USE
        )
    if place.local:
        os.environ.pop("AWS_PROFILE", None)
        os.environ.update(_LOCAL)
    if endpoint := place.endpoint_url or (LOCAL_ENDPOINT if place.local else None):
        os.environ["AWS_ENDPOINT_URL"] = endpoint
    if place.region:
        os.environ["AWS_DEFAULT_REGION"] = os.environ["AWS_REGION"] = place.region
    if place.profile and not place.local:
        boto3.setup_default_session(profile_name=place.profile)


def emulated() -> str | None:
    """The address of an AWS that is not Amazon's, if one is spoken to."""
    return os.environ.get("AWS_ENDPOINT_URL")
