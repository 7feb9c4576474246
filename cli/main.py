"""The application: its options, its commands, how it ends."""

from __future__ import annotations

import errno
import re
import sys
from typing import Annotated

import typer
from rich.console import Console

from cli.aws.answers import SILENCES, said
from cli.aws.session import Place
from cli.commands import (
    capacity,
    config,
    cost,
    doctor,
    forgetting,
    init,
    listrak,
    pausing,
    people,
    plan,
    rotating,
    runs,
    send,
    testing,
)
from cli.errors import CommandError, ExitCode
from cli.options import STACK, Told, hoisted
from cli.switches import show_without_type
from listrak_relay.errors import RelayError

show_without_type()
app = typer.Typer(
    name="listrak-relay",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    help="Operate Listrak Relay: look at a file before it is sent, follow runs, find people, repair.",
    epilog="Exit codes: 0 done · 1 not well (rejected, faulty, failed) · 2 wrong use · 3 AWS did not answer · "
    "130 interrupted.",
)


@app.callback()
def options(
    context: typer.Context,
    stack: Annotated[str, typer.Option(envvar="LISTRAK_RELAY_STACK", help="Name of the deployed stack.")] = STACK,
    local: Annotated[
        bool, typer.Option("--local", help="The stack on this machine that `make local` keeps up.")
    ] = False,
    profile: Annotated[str | None, typer.Option(help="AWS profile.")] = None,
    region: Annotated[str | None, typer.Option(help="AWS region.")] = None,
    endpoint_url: Annotated[str | None, typer.Option(help="Address of an emulated AWS.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer for programs.")] = False,
) -> None:
    context.obj = Told(Place(stack, local, profile, region, endpoint_url), as_json, Console(highlight=False))


init.add_to(app)
plan.add_to(app)
testing.add_to(app)
send.add_to(app)
runs.add_to(app)
pausing.add_to(app)
rotating.add_to(app)
people.add_to(app)
forgetting.add_to(app)
config.add_to(app)
listrak.add_to(app)
doctor.add_to(app)
capacity.add_to(app)
cost.add_to(app)

for command in (*app.registered_commands, *config.config.registered_commands):
    # In the list of all what the help begins with; the rest is for whoever asks for one.
    command.short_help = f"{re.split('[.:;] ', ' '.join(str(command.callback.__doc__).split()))[0].rstrip('.')}."


def main() -> None:
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """The exit code."""
    try:
        app(hoisted(arguments), prog_name="listrak-relay")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else ExitCode.NOT_WELL
    except CommandError as error:
        return _failed(str(error), error.code)
    except RelayError as error:
        return _failed(str(error), ExitCode.NOT_WELL)
    except SILENCES as error:
        return _failed(said(error), ExitCode.NOT_ANSWERED)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            full = "there is no space left where this is written; make some, or write elsewhere"
            return _failed(full, ExitCode.NOT_WELL)
        if error.filename is None:
            raise
        return _failed(f"cannot use {error.filename}: {error.strerror}", ExitCode.NOT_WELL)
    except KeyboardInterrupt:
        return _failed("interrupted", ExitCode.INTERRUPTED)
    return ExitCode.DONE


def _failed(message: str, code: ExitCode) -> int:
    typer.echo(f"error: {message}", err=True)
    return code
