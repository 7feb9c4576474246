"""Dropping a file and following its run."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TextColumn

from cli.aws.stack import Stack
from cli.commands.pausing import CHANNELS, paused_destinations, paused_ways
from cli.errors import CommandError, ExitCode
from cli.options import Told, told
from cli.reading import destinations, drop_key, named, readable
from cli.showing import show_report
from listrak_relay.domain.destinations.destinations import Destination
from listrak_relay.domain.run.runs import DroppedFile

_LOOK_AGAIN_SECONDS = 0.5
_LONGEST_SECONDS = 24 * 3600.0
_UNREAD_SECONDS = 900.0  # a function may take as long


def add_to(app: typer.Typer) -> None:
    app.command()(send)


def send(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="The file.")],
    destination: Annotated[str, typer.Option("--destination", "-d", help="Where it goes.")] = "email",
    audience: Annotated[str | None, typer.Option(help="Its audience; that of the file's name without.")] = None,
    follow: Annotated[bool, typer.Option(help="Wait for the end of its run.")] = True,
) -> None:
    """Drop a file and follow its run to the end. Ends with 1 if it did not complete.

    Example: `listrak-relay send customers.csv --destination email --audience vip`
    """
    options = told(context)
    path = readable(file)
    stack = options.stack()
    chosen = named(destinations(options, None, deployed=True), destination)
    key, _ = drop_key(path, chosen, audience)
    version = stack.drop(key, path)
    run_id = DroppedFile(stack.drop_bucket, key, version, 0, "").run_id
    warn_if_paused(options, stack, chosen)
    if not follow:
        if not options.say({"run_id": run_id, "key": key}):
            typer.echo(options.typed(f"Dropped as {key}; follow it: listrak-relay run {run_id}"))
        return
    try:
        follow_to_end(options, stack, run_id, key)
    except KeyboardInterrupt:
        typer.echo(options.typed(f"Interrupted. The run goes on: listrak-relay run {run_id}"), err=True)
        raise
    made = stack.report(run_id)
    if not options.say(made):
        show_report(options, made)
    if made["status"] != "COMPLETED" or not made["balanced"]:
        raise typer.Exit(ExitCode.NOT_WELL)


def warn_if_paused(options: Told, stack: Stack, destination: Destination) -> None:
    name = destination.name
    held = {f"destination {name}": f"-d {name}"} if name in paused_destinations(stack) else {}
    held |= {f"sending of {way}": way for way in paused_ways(stack) if CHANNELS[way] is destination.channel}
    for what, which in held.items():
        typer.echo(options.typed(f"{what} is paused: the file waits until listrak-relay resume {which}"), err=True)


def follow_to_end(options: Told, stack: Stack, run_id: str, key: str) -> None:
    """Raises CommandError: the run did not begin, or has no end in a day."""
    words, rows = TextColumn("{task.fields[state]:<10}"), TextColumn("{task.fields[rows]:>22}  {task.description}")
    begun, told_trouble = time.monotonic(), ""
    quiet = options.json or not options.console.is_interactive
    with Progress(words, BarColumn(24), rows, console=options.console, transient=True, disable=quiet) as bars:
        task = bars.add_task(key, total=None, state="waiting", rows="")
        while time.monotonic() - begun < _LONGEST_SECONDS:
            found = stack.open_run(run_id)
            if found and found.status not in ("INGESTING", "DELIVERING", "WAITING"):
                return
            if found is None and time.monotonic() - begun > _UNREAD_SECONDS:
                raise CommandError(
                    f"the file was dropped as {key}, but nobody has begun to read it; is everything paused, or did "
                    "ingest fail? `listrak-relay doctor` looks",
                    ExitCode.NOT_WELL,
                )
            if found and found.rows_read is not None:
                done = f"{found.rows_ended:,} of {found.rows_read:,} rows"
                bars.update(
                    task, state=found.status.lower(), rows=done, total=found.rows_read, completed=found.rows_ended
                )
            elif found:
                bars.update(task, state="reading")
            if found and not options.json and found.trouble_sentence not in ("", told_trouble):
                told_trouble = found.trouble_sentence
                bars.console.print(f"! {told_trouble}", style="yellow")
            time.sleep(_LOOK_AGAIN_SECONDS)
    raise CommandError(f"the run {run_id} has not ended in a day; `listrak-relay run {run_id}` tells where it stands")
