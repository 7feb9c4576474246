"""A stack to work with: the one that `up` keeps, or one of our own for as long as it takes."""

from __future__ import annotations

import argparse
import os
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console

from listrak_relay.errors import ConfigurationError
from listrak_relay.wiring.operating import configuration
from local.aws import Aws
from local.errors import LocalStackError
from local.paths import STATE
from local.relay_client import RelayClient, StackAddress
from local.stack import LocalStack, StackOptions
from local.template.parameters import listrak_addresses

ADDRESS_FILE = STATE / "stack.json"
PORT = 4566
HIGHEST_PORT = 65_534


def add_port_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=_port, help=f"of the emulated AWS ({PORT}; 0 takes a free one)")
    parser.add_argument("--simulator-port", type=_port, help="of the simulated Listrak (the one after --port)")


def _port(typed: str) -> int:
    """Raises LocalStackError: none that the stack and, behind it, the simulator can have."""
    if re.fullmatch(r"\d{1,5}", typed) and int(typed) <= HIGHEST_PORT:
        return int(typed)
    raise LocalStackError(
        f"{typed!r} is no port; name one up to {HIGHEST_PORT:,} (that one and the one after it), or 0 for free ones"
    )


def ports(arguments: argparse.Namespace, *, usual: int = PORT) -> StackOptions:
    """``usual``: the port where none was named."""
    port = usual if arguments.port is None else arguments.port
    after = port + 1 if port else 0
    simulator = after if arguments.simulator_port is None else arguments.simulator_port
    return StackOptions(port=port, simulator_port=simulator)


def readable(path: Path) -> Path:
    """Raises LocalStackError: it cannot be read."""
    path = path.expanduser()
    if path.is_dir():
        raise LocalStackError(f"{path} is a folder; name one file in it")
    try:
        with path.open("rb"):
            return path
    except OSError as error:
        raise LocalStackError(f"cannot read the file {path}: {error.strerror}") from error


def sound_configuration(path: Path) -> Path:
    """Raises LocalStackError: it cannot be read, or has a fault."""
    path = readable(path)
    try:
        fault = configuration(path.read_bytes(), str(path)).error
    except ConfigurationError as error:
        fault = error
    if fault:
        raise LocalStackError(f"{fault}\nNothing was put in place.")
    return path


def running_stack(path: Path = ADDRESS_FILE) -> StackAddress | None:
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
def own_stack(console: Console, directory: Path, options: StackOptions | None = None) -> Iterator[LocalStack]:
    """Raises LocalStackError: it does not start, such as for a port that is taken."""
    options = options or StackOptions()
    for port in (options.port, options.simulator_port):
        _check_free(port)
    stack = LocalStack(directory, options)
    with console.status("Starting the stack …"):
        stack.start()
    try:
        yield stack
    finally:
        stack.stop()


@contextmanager
def any_stack(
    console: Console, directory: Path, options: StackOptions | None = None
) -> Iterator[tuple[RelayClient, LocalStack | None]]:
    """With the stack itself if it is ours. ``options`` are for one that has to be started.

    Raises:
        LocalStackError: it does not start, or the one that is up talks to another Listrak than was named.
    """
    if address := running_stack():
        _check_listrak(address)
        console.print(f"Using the stack that is up at {address.endpoint}.")
        try:
            yield RelayClient(address), None
        except KeyboardInterrupt:
            raise KeyboardInterrupt("Interrupted. The stack stays up, and what was dropped goes on.") from None
        return
    with own_stack(console, directory, options) as stack:
        yield stack.client, stack


@contextmanager
def findable(stack: LocalStack) -> Iterator[None]:
    """Other commands find this stack, for as long as it lasts."""
    stack.client.address.save(ADDRESS_FILE)
    try:
        yield
    finally:
        ADDRESS_FILE.unlink(missing_ok=True)


def _check_listrak(address: StackAddress) -> None:
    asked = listrak_addresses(os.environ)
    if asked and asked != address.listrak:
        raise LocalStackError(
            f"LISTRAK_EMAIL_URL, LISTRAK_SMS_URL or LISTRAK_AUTH_URL is set, and the stack that is up at "
            f"{address.endpoint} was started without, or with others; end it with Ctrl-C, or unset them"
        )


def _check_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise LocalStackError(
                f"port {port} is taken by another program; end that one, or choose other ports by "
                f"PORT={port + 10 if port + 10 <= HIGHEST_PORT else 0} behind the command (that one and the one after "
                "it; PORT=0 takes free ones)"
            ) from error
