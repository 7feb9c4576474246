"""`python -m local run`: deliver one file of one's own to the simulator and show what became of it."""

from __future__ import annotations

import argparse
from pathlib import Path

from listrak_relay.domain.run.drop_keys import parse_drop_key
from listrak_relay.errors import FileRejectedError
from local.commands.output import console_for_people, show_run
from local.commands.progress import RunsUnderWay
from local.commands.running import add_port_arguments, any_stack, ports, readable, sound_configuration
from local.commands.up import keep_up
from local.errors import LocalStackError
from local.paths import STATE
from local.results import fetch_results

QUIET_SECONDS = 180.0  # without any change, after which a run is given up as stuck
LONGEST_SECONDS = 24 * 3600.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--file", required=True, help="the audience file")
    parser.add_argument("--destination", required=True, help="its destination, such as email")
    parser.add_argument("--audience", default="", help="the audience's name (that of the file)")
    parser.add_argument("--config", type=Path, help="a destinations.yaml to put in place first")
    parser.add_argument("--keep", action="store_true", help="keep the stack up afterwards, until Ctrl-C")
    add_port_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """0: the run completed and its rows add up. 1: it did not."""
    console = console_for_people()
    if not arguments.file:
        raise LocalStackError("say which file to deliver: make run FILE=people.csv DESTINATION=email AUDIENCE=vip")
    file = readable(Path(arguments.file))
    config = sound_configuration(arguments.config) if arguments.config else None
    key = drop_key(arguments.destination, arguments.audience or file.name.split(".")[0], file.name)
    # Nobody asks for the address of a stack that ends with the run, unless they named one.
    options = ports(arguments) if arguments.keep else ports(arguments, usual=0)
    with any_stack(console, STATE if arguments.keep else STATE / "run", options) as (client, own):
        if config:
            client.configure(config)
            if own is None:
                console.print(f"{config} is in place there, instead of the destinations that it had.")
        under_way = RunsUnderWay(console)
        with under_way.shown():
            report = client.wait_for_run(
                client.drop(key, file),
                timeout=LONGEST_SECONDS,
                quiet=QUIET_SECONDS,
                watch=under_way.watch(key),
                check=own.check if own else None,
            )
        show_run(console, report, fetch_results(client, report, STATE / "out"))
        good = report["balanced"] and report["status"] == "COMPLETED"
        if not good:
            console.print(f"\n[bold red]The file did not go through: its run is {report['status']}.[/]")
        if own and arguments.keep:
            console.print()
            keep_up(console, own, report["run_id"])
    if own:
        console.print("\nTo look into the simulated Listrak afterwards, keep the stack up: make run KEEP=1 FILE=…")
    return 0 if good else 1


def drop_key(destination: str, audience: str, file_name: str) -> str:
    """Raises LocalStackError: a part is empty, or would be read as two."""
    for name, part in (("destination", destination), ("audience", audience)):
        if not part.strip() or "/" in part:
            raise LocalStackError(f"the {name} {part!r} must be a name without a slash, such as email or vip")
    key = f"{destination}/{audience}/{file_name}"
    try:
        parse_drop_key(key)
    except FileRejectedError as error:
        raise LocalStackError(str(error)) from error
    return key
