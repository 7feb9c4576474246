"""The application: its options, its commands, how it ends."""

from __future__ import annotations

import errno
import os
import re
import sys
import tempfile
import tomllib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cli.aws.answers import SILENCES, code_of, said
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
from cli.options import Answers, Told, as_json, hoisted
from cli.switches import show_without_type
from cli.typed import NAME, STACK, AsTyped
from cli.wrong_use import WrongUseError, wrong_use
from listrak_relay.errors import NoRoomError, RelayError

show_without_type()
app = typer.Typer(
    name=NAME,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    help="Operate Listrak Relay: look at a file before it is sent, follow runs, find people, repair.",
    epilog="Exit codes: 0 done · 1 not well (rejected, faulty, failed) · 2 wrong use · 3 AWS did not answer · "
    "130 interrupted.",
)


def _version() -> str:
    """Of what is installed, or of the working copy that this is."""
    try:
        return version(NAME)
    except PackageNotFoundError:
        project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8"))
        return str(project["project"]["version"])


def _tell_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"{NAME} {_version()}")
        raise typer.Exit


@app.callback()
def options(
    context: typer.Context,
    stack: Annotated[str, typer.Option(envvar="LISTRAK_RELAY_STACK", help="Name of the deployed stack.")] = STACK,
    local: Annotated[
        bool, typer.Option("--local", help="The stack on this machine that `make local` keeps up, on any port.")
    ] = False,
    profile: Annotated[str | None, typer.Option(help="AWS profile.")] = None,
    region: Annotated[str | None, typer.Option(help="AWS region.")] = None,
    endpoint_url: Annotated[str | None, typer.Option(help="Address of an emulated AWS.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer for programs.")] = False,
    program: Annotated[str, typer.Option(envvar="LISTRAK_RELAY_PROGRAM", hidden=True)] = NAME,
    _asked_for_version: Annotated[
        bool, typer.Option("--version", callback=_tell_version, is_eager=True, help="Say which version this is.")
    ] = False,
) -> None:
    answers = context.obj if isinstance(context.obj, Answers) else Answers()
    place = Place(stack, local, profile, region, endpoint_url)
    answers.typed = AsTyped(program, place, tuple(getattr(context.command, "commands", ())))
    context.obj = Told(place, as_json, Console(highlight=False), answers)


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
    code = run(sys.argv[1:])
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever reads has seen enough; what Python would flush at its end goes nowhere, without a word.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)


def run(arguments: list[str]) -> int:
    """The exit code. What went wrong is a sentence on stderr, and with ``--json`` the answer, too, where there is no
    other: ``{"error": …, "exit_code": …}``."""
    typed, answers = hoisted(arguments), Answers()
    failure = _failure(typed, answers)
    if isinstance(failure, int):
        return failure
    message, code = failure
    if not message:  # it was said
        return code
    message = answers.typed(message)
    typer.echo(f"error: {message}", err=True)
    if "--json" in typed and not answers.given:
        typer.echo(as_json({"error": message, "exit_code": int(code)}))
    return code


def _failure(typed: list[str], answers: Answers) -> int | tuple[str, int]:
    """The exit code; or with it a message, where there is one."""
    try:
        code = app(typed, prog_name=NAME, standalone_mode=False, obj=answers)
    except WrongUseError as error:
        # Without any argument the help was shown.
        return wrong_use(error) if str(error) else "", ExitCode.WRONG_USE
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else ExitCode.NOT_WELL
    except CommandError as error:
        return str(error), error.code
    except NoRoomError:
        return _no_room_here(), ExitCode.NOT_WELL
    except RelayError as error:
        return str(error), ExitCode.NOT_WELL
    except SILENCES as error:
        return said(error), code_of(error)
    except OSError as error:
        return _of_this_machine(error), ExitCode.NOT_WELL
    except (KeyboardInterrupt, typer.Abort) as end:
        return _unanswered(end)
    return ("interrupted", ExitCode.INTERRUPTED) if code == ExitCode.INTERRUPTED else int(code or ExitCode.DONE)


def _unanswered(end: BaseException) -> tuple[str, int]:
    """``end``: of a question, or of the command while it was at work."""
    if isinstance(end.__context__, EOFError):
        return "nobody answers, and this command asks; type it in a terminal", ExitCode.WRONG_USE
    return "interrupted", ExitCode.INTERRUPTED


def _no_room_here() -> str:
    """Of a file that is read on this machine, where no setting of a stack would help."""
    return (
        f"this machine has not the memory, or in {tempfile.gettempdir()} the disk, to read the file; make room, or "
        "name a folder with more of it in TMPDIR. What a stack would make of the file, this does not tell"
    )


def _of_this_machine(error: OSError) -> str:
    """Raises OSError: it is about nothing that whoever typed the command knows."""
    if error.errno == errno.ENOSPC:
        return "there is no space left where this is written; make some, or write elsewhere"
    if error.filename is None:
        raise error
    return f"cannot use {error.filename}: {error.strerror}"
