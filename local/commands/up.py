"""`python -m local up`: the stack stays up until Ctrl-C, for files dropped by any S3 client."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from rich.console import Console
from rich.text import Text

from listrak_relay.domain.report.words import outcome_name
from local.commands.output import console_for_people
from local.commands.running import add_port_arguments, findable, own_stack, ports, running_stack, sound_configuration
from local.errors import LocalStackError
from local.paths import STATE, shown
from local.results import fetch_results
from local.stack import LocalStack

CREDENTIALS = "export AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local AWS_DEFAULT_REGION=us-east-1"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_port_arguments(parser)
    parser.add_argument("--config", type=Path, help="a destinations.yaml to put in place")


def run(arguments: argparse.Namespace) -> int:
    console = console_for_people()
    if other := running_stack():
        raise LocalStackError(
            f"a stack is up already (process {other.pid}) at {other.endpoint}; "
            "end it with Ctrl-C, or use it: make run FILE=…"
        )
    config = sound_configuration(arguments.config) if arguments.config else None
    with own_stack(console, STATE, ports(arguments)) as stack:
        if config:
            stack.client.configure(config)
        keep_up(console, stack)
    return 0


def keep_up(console: Console, stack: LocalStack, told: str = "") -> None:
    """Until Ctrl-C, which is raised as KeyboardInterrupt. Other commands find the stack meanwhile.

    ``told``: id of a run that was shown.
    """
    with findable(stack):
        _explain(console, stack)
        _follow(console, stack, told)


def _explain(console: Console, stack: LocalStack) -> None:
    address = stack.client.address
    console.print("The stack is [bold green]up[/]. Ctrl-C ends it, and everything in it is gone.")
    console.print(f"Reports, rows turned away and logs stay in {shown(STATE)}/ until make clean removes them.\n")
    console.print(f"  AWS            {address.endpoint}")
    console.print(f"  Listrak        {address.simulator}  [dim](for your browser: lists, people, runs, faults)[/]")
    console.print(f"  SFTP           {address.sftp_folder}  [dim](what the SFTP server got)[/]", soft_wrap=True)
    console.print(f"  drop files in  s3://{address.drop_bucket}/<destination>/<audience>/<file>")
    console.print(f"  read reports   s3://{address.work_bucket}/runs/<run>/report.json")
    console.print(f"  logs           {address.logs}\n")
    console.print("Drop a file of your own:\n")
    console.print("  make run FILE=customers.csv DESTINATION=email AUDIENCE=vip\n")
    console.print("or with any S3 client, such as\n")
    console.print(f"  {CREDENTIALS}", soft_wrap=True)  # copied as one line
    console.print(
        f"  aws --endpoint-url {address.endpoint} s3 cp customers.csv s3://{address.drop_bucket}/email/vip/",
        soft_wrap=True,
    )
    console.print()


def _follow(console: Console, stack: LocalStack, told: str) -> None:
    """A line for each run that closes, but the one that was ``told``."""
    shown = 0
    while True:
        stack.check()
        for event in stack.observer.events()[shown:]:
            shown += 1
            if event["detail"]["run_id"] == told:
                told = ""  # returned by an operator, it closes again
                continue
            report = stack.client.report(event["detail"]["run_id"])
            counts = ", ".join(f"{n:,} {outcome_name(name)}" for name, n in report["counts"].items() if n)
            fetched = fetch_results(stack.client, report, STATE / "out")
            console.print(
                Text(f"{report['status']}  {report['file']['key']}  {counts or 'no rows'}"),
                Text(f"{fetched.shown_folder}/", style="dim"),
                soft_wrap=True,
            )
            for line in report["attention"]:
                console.print(Text(f"! {line}", style="yellow"), soft_wrap=True)
        time.sleep(0.3)
