"""A stack to work with: the one that `up` keeps, or one of our own for as long as it takes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console

from local.aws import Aws
from local.paths import STATE
from local.relay_client import RelayClient, StackAddress
from local.stack import LocalStack


def running_stack(path: Path = STATE / "stack.json") -> StackAddress | None:
    """The one that `up` keeps, if its process lives and answers; what a killed one left behind does not count."""
    try:
        address = StackAddress.load(path)
        if not psutil.pid_exists(address.pid):
            return None
        Aws(address.endpoint).s3.head_bucket(Bucket=address.drop_bucket)
    except (OSError, ValueError, TypeError, BotoCoreError, ClientError):
        return None
    return address


@contextmanager
def own_stack(console: Console, directory: Path) -> Iterator[LocalStack]:
    with console.status("Starting the stack …"):
        stack = LocalStack(directory).__enter__()
    with stack:
        yield stack


@contextmanager
def any_stack(console: Console, directory: Path) -> Iterator[tuple[RelayClient, LocalStack | None]]:
    """With the stack itself if it is ours."""
    if address := running_stack():
        console.print(f"Using the stack that is up at {address.endpoint}.")
        yield RelayClient(address), None
        return
    with own_stack(console, directory) as stack:
        yield stack.client, stack
