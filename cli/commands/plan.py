"""The dry run."""

from __future__ import annotations

import csv
import tempfile
from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.aws.answers import SILENCES
from cli.comparing import compared
from cli.errors import CommandError, ExitCode
from cli.options import Told, told
from cli.reading import destinations, drop_key, named, readable
from cli.showing_plan import SAMPLES, show_plan
from listrak_relay.domain.destinations.choices import Channel
from listrak_relay.domain.destinations.destinations import Destination
from listrak_relay.errors import FileRejectedError, NoRoomError, RelayError
from listrak_relay.ports.reading import IngestedAudience
from listrak_relay.use_cases.ingest.rejected_rows import check_rejected


def add_to(app: typer.Typer) -> None:
    app.command()(plan)


def plan(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="The file that would be dropped.")],
    destination: Annotated[str, typer.Option("--destination", "-d", help="Where it would go.")] = "email",
    audience: Annotated[str | None, typer.Option(help="Its audience; that of the file's name without.")] = None,
    config: Annotated[Path | None, typer.Option(help="A destinations.yaml on this machine.")] = None,
    deployed: Annotated[bool, typer.Option("--deployed", help="By the destinations of the stack.")] = False,
    listrak: Annotated[bool, typer.Option("--listrak", help="Compare with the list, by reading only.")] = False,
    rows: Annotated[bool, typer.Option("--rows", help="Show rejected rows, which are personal data.")] = False,
) -> None:
    """What would become of a file, without sending or writing anything. Reads it on this machine as ingest does.
    With `--listrak` the list is read and compared. Ends with 1 if the file, or a row of it, would be rejected, or if
    Listrak cannot be asked.

    Example: `listrak-relay plan customers.csv --destination email --audience vip`
    """
    from listrak_relay.wiring.dry_run import read_here  # noqa: PLC0415 - DuckDB is dear to load, and this one needs it

    options = told(context)
    path = readable(file)
    place = options.place
    asked = deployed or place.local
    hint = "" if config or asked else "; those of your own are known with --config destinations.yaml, or --deployed"
    chosen = named(destinations(options, config, deployed=asked), destination, hint)
    key, name = drop_key(path, chosen, audience)
    found: dict[str, Any] = {}
    unasked: Exception | None = None
    with tempfile.TemporaryDirectory(prefix="listrak-relay-plan-") as folder:
        try:
            read = read_here(path, key, chosen, name, Path(folder))
            found = _found(read, key, chosen, rows=rows)
            if chosen.channel is not Channel.SFTP:
                check_rejected(read, key, chosen.max_rejected_percent)
            if listrak:
                try:
                    found["listrak"] = _beside_the_list(options, chosen, name, read)
                except (RelayError, CommandError, *SILENCES) as error:
                    found["listrak"], unasked = None, error  # what the file alone tells is no less true
        except NoRoomError:
            raise
        except FileRejectedError as error:
            found = {**found, "key": key, "rejected": {"code": error.code, "problem": str(error)}}
    if not options.say(found):
        show_plan(options, found)
    if unasked:
        raise unasked
    if "rejected" in found or found["rejected_rows"] or not found["rows_read"]:
        raise typer.Exit(ExitCode.NOT_WELL)


def _beside_the_list(options: Told, destination: Destination, audience: str, read: IngestedAudience) -> dict[str, Any]:
    if destination.channel is not Channel.EMAIL:
        raise CommandError("only email lists are compared; leave --listrak out", ExitCode.WRONG_USE)
    return compared(options.stack().function_settings("DeliverEmailFunction"), destination, audience, read)


def _found(read: IngestedAudience, key: str, destination: Destination, *, rows: bool) -> dict[str, Any]:
    actions: Counter[str] = Counter()
    for chunk in read.chunks:
        actions[chunk.action.value] += chunk.rows
    audience = None if destination.channel is Channel.SFTP else destination
    return {
        "key": key,
        "channel": destination.channel.value,
        "list": audience and audience.list_name,
        "mode": audience and audience.mode.value,
        "rows_read": read.rows_read,
        "duplicates": read.duplicates_dropped,
        "rejected_rows": read.rejected,
        "reasons": dict(read.reasons),
        "samples": _samples(read.rejects, rows=rows),
        "actions": dict(actions),
        "profile_fields": {column.name: column.data_type.value for column in read.columns},
        "chunks": len(read.chunks),
        "notes": read.notes,
        "problem": read.problem[1] if read.problem else None,
    }


def _samples(rejects: Path | None, *, rows: bool) -> dict[str, list[dict[str, str]]]:
    samples: dict[str, list[dict[str, str]]] = {}
    if rejects is None:
        return samples
    wanted = ("row", "column", "detail", *(["record"] if rows else []))
    with rejects.open(encoding="utf-8", newline="") as lines:
        for line in csv.DictReader(lines):
            of_reason = samples.setdefault(line["reason"], [])
            if len(of_reason) < SAMPLES:
                of_reason.append({name: line[name] for name in wanted})
    return samples
