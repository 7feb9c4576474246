"""Which AWS is spoken to: profile, region and address, as the aws command has them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import boto3

from cli.errors import CommandError, ExitCode

LOCAL_ENDPOINT = "http://127.0.0.1:4566"
"""Of a stack on this machine that nobody gave another port."""
_STATE = Path(".local", "stack.json")
"""In the clone: where a stack that is up says where it is, as `local.paths` and `local.relay_client` have it."""
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
    if endpoint := place.endpoint_url or (_local_endpoint() if place.local else None):
        os.environ["AWS_ENDPOINT_URL"] = endpoint
    if place.region:
        os.environ["AWS_DEFAULT_REGION"] = os.environ["AWS_REGION"] = place.region
    if place.profile and not place.local:
        boto3.setup_default_session(profile_name=place.profile)


def _local_endpoint() -> str:
    """Whatever port it was given: the stack of the clone that one stands in, or else of the one that this program is
    from."""
    for file in _state_files():
        try:
            found = json.loads(file.read_text())
            os.kill(found["pid"], 0)  # what a killed one left behind does not count
            return str(found["endpoint"])
        except (OSError, ValueError, TypeError, KeyError):
            continue
    return LOCAL_ENDPOINT


def _state_files() -> Iterator[Path]:
    if named := os.environ.get("LISTRAK_RELAY_LOCAL_STATE"):
        yield Path(named, _STATE.name)
        return
    here = Path.cwd()
    yield from (folder / _STATE for folder in (here, *here.parents, Path(__file__).resolve().parents[2]))


def emulated() -> str | None:
    """The address of an AWS that is not Amazon's, if one is spoken to."""
    return os.environ.get("AWS_ENDPOINT_URL")
