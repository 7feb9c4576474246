"""`python -m local up`: the stack stays up until Ctrl-C, for files dropped by any S3 client."""

from __future__ import annotations

import argparse
import socket
import time

from rich.console import Console

from local.commands.output import console_for_people
from local.commands.running import running_stack
from local.errors import LocalStackError
from local.paths import STATE
from local.stack import LocalStack, StackOptions

PORT, SIMULATOR_PORT = 4566, 4567


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=PORT, help=f"of the emulated AWS ({PORT}; 0 takes a free one)")
    parser.add_argument(
        "--simulator-port", type=int, default=SIMULATOR_PORT, help=f"of the simulated Listrak ({SIMULATOR_PORT})"
    )


def run(arguments: argparse.Namespace) -> int:
    console = console_for_people()
    if other := running_stack():
        raise LocalStackError(
            f"a stack is up already (process {other.pid}) at {other.endpoint}; "
            "end it with Ctrl-C, or use it: make run FILE=…"
        )
    for port in (arguments.port, arguments.simulator_port):
        _check_free(port)
    options = StackOptions(port=arguments.port, simulator_port=arguments.simulator_port)
    with console.status("Starting the stack …"):
        stack = LocalStack(STATE, options).__enter__()
    with stack:
        address_file = STATE / "stack.json"
        stack.client.address.save(address_file)
        try:
            _explain(console, stack)
            _follow(console, stack)
        finally:
            address_file.unlink(missing_ok=True)
    return 0


def _explain(console: Console, stack: LocalStack) -> None:
    address = stack.client.address
    console.print("The stack is [bold green]up[/]. Ctrl-C ends it, and everything in it is gone.\n")
    console.print(f"  AWS            {address.endpoint}")
    console.print(
        f"  Listrak        {address.simulator}  [dim](lists, fields, imports and contacts in your browser)[/]"
    )
    console.print(f"  SFTP           {address.sftp_folder}  [dim](what the SFTP server got)[/]", soft_wrap=True)
    console.print(f"  drop files in  s3://{address.drop_bucket}/<destination>/<audience>/<file>")
    console.print(f"  read reports   s3://{address.work_bucket}/runs/<run>/report.json")
    console.print(f"  logs           {address.logs}\n")
    console.print("Drop a file of your own:\n")
    console.print("  make run FILE=customers.csv DESTINATION=email AUDIENCE=vip\n")
    console.print("or with any S3 client, such as\n")
    console.print(
        f"  AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local AWS_REGION=us-east-1 \\\n"
        f"    aws --endpoint-url {address.endpoint} s3 cp customers.csv s3://{address.drop_bucket}/email/vip/customers.csv",
        soft_wrap=True,
    )
    console.print()


def _follow(console: Console, stack: LocalStack) -> None:
    """A line for each run that closes."""
    shown = 0
    while True:
        stack.check()
        for event in stack.observer.events()[shown:]:
            shown += 1
            report = event["detail"]
            counts = ", ".join(f"{n:,} {name}" for name, n in report["counts"].items() if n)
            console.print(
                f"{report['status']}  {report['file']['key']}  {counts or 'no rows'}  [dim]{report['run_id']}[/]"
            )
        time.sleep(0.3)


def _check_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise LocalStackError(
                f"port {port} is taken by another program; end that one or choose another port: "
                "python -m local up --port N --simulator-port M (0 takes a free one)"
            ) from error
