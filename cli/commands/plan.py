"""The dry run."""

from __future__ import annotations

import csv
import tempfile
from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from cli.comparing import compared
from cli.errors import CommandError, ExitCode
from cli.options import Told, told
from cli.reading import destinations, drop_key, named, readable
from cli.showing import plain_table
from listrak_relay.domain.destinations.destinations import Channel, ColumnRole, Destination
from listrak_relay.domain.reading import rejected_share
from listrak_relay.domain.report.sentences import feed_sentences
from listrak_relay.domain.report.words import as_sentence, outcome_words, reason_words
from listrak_relay.domain.values.counted import counted, noun
from listrak_relay.errors import FileRejectedError
from listrak_relay.ports.reading import IngestedAudience

WORDS = {
    "subscribe": "would be subscribed and get the audience's mark",
    "unsubscribe": "would be unsubscribed",
    "keep": "were not asked or cannot be reached: would get the values if they are on the list, nothing else",
    "update": "would get the values, their subscription stays as it is",
    "relay": "would be in the file for Listrak's SFTP server",
}
SAMPLES = 3  # row numbers for each reason


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
    With `--listrak` the list is read and compared. Ends with 1 if the file, or a row of it, would be rejected.

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
    with tempfile.TemporaryDirectory(prefix="listrak-relay-plan-") as folder:
        try:
            read = read_here(path, key, chosen, name, Path(folder))
            found = _found(read, key, chosen, rows=rows)
            _check_rejected(read, key, chosen)
            if listrak:
                found["listrak"] = _beside_the_list(options, chosen, name, read)
        except FileRejectedError as error:
            found = {"key": key, "rejected": {"code": error.code, "problem": str(error)}}
    if not options.say(found):
        _show(options, found)
    if "rejected" in found or found["rejected_rows"] or not found["rows_read"]:
        raise typer.Exit(ExitCode.NOT_WELL)


def _check_rejected(read: IngestedAudience, key: str, destination: Destination) -> None:
    """Raises FileRejectedError: ingest would send nothing of it, since too many rows are rejected."""
    if destination.channel is Channel.SFTP:
        return
    most = destination.max_rejected_percent
    problem = rejected_share.problem(key, read.rejected, read.rows_read, read.reasons, most)
    if problem and read.chunks:
        raise FileRejectedError(rejected_share.TOO_MANY_REJECTED, problem)


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


def _show(options: Told, found: dict[str, Any]) -> None:
    console = options.console
    console.print(Text(f"{found['key']}: what would happen if it were dropped now. Nothing is sent.", style="bold"))
    if refused := found.get("rejected"):
        console.print(Text(f"! The file would be REJECTED ({refused['code']}): {refused['problem']}", style="yellow"))
        return
    notes = found["notes"]
    console.print(_facts(found))
    if found["profile_fields"]:
        console.print("Profile fields that the list does not have would be made.", style="dim")
    console.print(_rows_by_end(found))
    if not found["rows_read"]:
        console.print(Text("! The file has a header but no rows; nothing would be sent.", style="yellow"))
    elif consent := notes.get("consent"):
        console.print(Text(consent["sentence"]))
    for sample in (one for of_reason in found["samples"].values() for one in of_reason if "record" in one):
        typer.echo(f"row {sample['row']}: {sample['record']}")
    if beside := found.get("listrak"):
        console.print(_changes(beside))
    for line in filter(None, [found["problem"], *feed_sentences(notes)]):
        console.print(Text(f"! {line}", style="yellow"))
    if found["channel"] == Channel.EMAIL:
        parts = counted(found["chunks"], "part")
        console.print(
            f"Listrak would get {parts}, each as one import, or below 50 people by a call for each."
            if found["chunks"]
            else "Listrak would get nothing."
        )


def _facts(found: dict[str, Any]) -> Table:
    """What was recognised."""
    notes = found["notes"]
    facts = plain_table()
    for name in ("format", "encoding", "delimiter", "packing"):
        if value := notes.get(name):
            facts.add_row(name, str(value))
    if found["list"]:
        facts.add_row("list", f"{found['list']}, mode {found['mode']}")
    fields = dict(found["profile_fields"])
    for name, role in _roles(notes):
        kind = fields.pop(name, None) if role == ColumnRole.FIELD else None
        facts.add_row(f"column {name}", f"profile field, {kind}" if kind else role)
    for name, kind in fields.items():
        facts.add_row(f"profile field {name}", kind)
    return facts


def _rows_by_end(found: dict[str, Any]) -> Table:
    table = plain_table()
    table.add_row(f"{found['rows_read']:,}", "rows in the file")
    for action, number in found["actions"].items():
        table.add_row(f"{number:,}", WORDS[action])
    if found["duplicates"]:
        feed = found["channel"] == Channel.SFTP
        table.add_row(f"{found['duplicates']:,}", outcome_words(feed=feed)["duplicates"])
    for reason, number in found["reasons"].items():
        samples = found["samples"].get(reason, [])
        # What ingest says of a row tells what to do about it, too.
        words = samples[0]["detail"] if samples and samples[0]["detail"] else as_sentence(reason_words(reason))
        table.add_row(f"{number:,}", Text(f"would be rejected ({_rows(samples)}): {words}", style="yellow"))
    table.columns[0].justify = "right"
    return table


def _changes(beside: dict[str, Any]) -> Table:
    words = {
        "subscribers": "people are subscribed to the list now",
        "already_subscribed": "of the file are among them",
        "new_or_had_unsubscribed": "would be subscribed, but for those who had unsubscribed, who stay so",
        "would_be_unsubscribed": "would be unsubscribed",
        "not_on_list": "are not subscribed, and only to be updated or unsubscribed",
        "members": "have the audience's mark now",
        "would_lose_the_mark": "would lose it",
    }
    table = plain_table()
    for name, text in words.items():
        table.add_row(f"{beside[name]:,}", f"Listrak: {text}")
    table.add_row(
        f"{len(beside['fields_made']):,}", f"Listrak: profile fields would be made: {', '.join(beside['fields_made'])}"
    )
    table.columns[0].justify = "right"
    return table


def _roles(notes: dict[str, Any]) -> list[tuple[str, str]]:
    columns = notes.get("columns")
    if isinstance(columns, dict):
        return [(str(name), str(role)) for name, role in columns.items()]
    return []


def _rows(sample: list[dict[str, str]]) -> str:
    numbers = ", ".join(one["row"] for one in sample)
    column = f"column {sample[0]['column']}, " if sample and sample[0]["column"] else ""
    return f"{column}{noun(len(sample), 'row')} {numbers}{' …' if len(sample) == SAMPLES else ''}"
