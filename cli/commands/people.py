"""Finding a person."""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any

import typer
from rich.text import Text

from cli.aws.audit import put_on_record
from cli.aws.stack import Stack
from cli.commands.listrak import list_named
from cli.errors import CommandError, ExitCode
from cli.options import Told, told
from cli.showing import closed_at, plain_table
from listrak_relay.domain.destinations.destinations import MASTER_LIST
from listrak_relay.domain.report.words import reason_words
from listrak_relay.domain.run.manifest import Action
from listrak_relay.domain.run.rejects import tells_of
from listrak_relay.domain.run.runs import ChunkState
from listrak_relay.domain.run.work_keys import manifest_key
from listrak_relay.errors import RelayError
from listrak_relay.wiring.operating import email_gateway

KNOWN = ("subscribed", "unsubscribed")
"""What is said of whom Listrak knows."""
NOT_ON_LIST = "not on the list"
LEAVERS = "leavers-"
"""How the names begin of a mirror run's files of those who leave."""


@dataclass(frozen=True, slots=True)
class _Chunk:
    """``header``: lines before its rows. ``end``: what was to be done with its rows, and whether it was."""

    header: int
    end: str


def add_to(app: typer.Typer) -> None:
    app.command()(who)


def who(
    context: typer.Context,
    person: Annotated[str, typer.Argument(help="An email address, or a phone number as +17175550100.")],
    list_name: Annotated[str, typer.Option("--list", help="The Listrak list to ask.")] = MASTER_LIST,
    ask_listrak: Annotated[bool, typer.Option("--listrak/--no-listrak", help="Ask what Listrak says now.")] = True,
) -> None:
    """Every run of the retention that had a person: the row, what was sent, what came back; and what Listrak says now.
    Reads what is kept in the WorkBucket, which takes as long as there are rows. That somebody was looked up goes on
    record below `audit/` there, not who. Ends with 1 if nobody knows the person, or Listrak cannot be asked.

    Example: `listrak-relay who ana@example.com`
    """
    options = told(context)
    wanted = person_of(person)
    stack = options.stack()
    # First, since it takes a moment and a name may be wrong.
    listrak = _listrak(stack, person.strip(), list_name) if ask_listrak and "@" in person else None
    found = places_of(stack, wanted)
    put_on_record(stack, "who", {"places": len(found)})
    if not options.say({"places": found, "listrak": listrak}):
        _show(options, stack, found)
        if not found:
            typer.echo("No run that is kept had this person.")
        if listrak:
            typer.echo(f"Listrak, {list_name}: {listrak}")
    half = listrak not in (None, NOT_ON_LIST, *KNOWN)  # Listrak did not say
    if half or (not found and listrak not in KNOWN):
        raise typer.Exit(ExitCode.NOT_WELL)


def _show(options: Told, stack: Stack, found: list[dict[str, Any]]) -> None:
    """By run, the latest first; those that are under way before all."""
    closed = {str(entry["run_id"]): entry for entry in stack.closed_runs()}
    of_run: dict[str, list[dict[str, Any]]] = {}
    for one in found:
        of_run.setdefault(str(one["run_id"]), []).append(one)
    for run_id in sorted(of_run, key=lambda one: str(closed.get(one, {}).get("closed_at", "9")), reverse=True):
        entry = closed.get(run_id)
        about = f"{entry['where']}, closed {closed_at(entry)}" if entry else "not closed, or no longer listed"
        options.console.print(Text.assemble((run_id, "bold"), f"  {about}"))
        rows = plain_table()
        for one in of_run[run_id]:
            rows.add_row(f"  row {one['row']}" if one["row"] else "  no row", str(one["what"]))
        options.console.print(rows)


def person_of(typed: str) -> str:
    """Case-folded, as rows are searched for it.

    Raises:
        CommandError: neither an address nor a number; to look for it would find nothing, and say so as if it were true.
    """
    person = typed.strip()
    if re.fullmatch(r"[^@\s]+@[^@\s]+", person) or re.fullmatch(r"\+[1-9]\d{6,14}", person):
        return person.casefold()
    raise CommandError(
        "this is neither an email address nor a phone number; write one such as ana@example.com or +17175550100",
        ExitCode.WRONG_USE,
    )


def places_of(stack: Stack, wanted: str) -> list[dict[str, Any]]:
    """Run, row and what became of it, for each place in the WorkBucket. ``wanted``: case-folded."""
    turned_away = list(_turned_away(stack, wanted))
    # A chunk keeps its rows, those too of which it then turned out that they must not be sent.
    explained = {(one["run_id"], one["row"]) for one in turned_away}
    sent = [one for one in _sent(stack, wanted) if (one["run_id"], one["row"]) not in explained]
    return sorted([*sent, *turned_away], key=lambda one: (str(one["run_id"]), one["row"] or 0))


def _sent(stack: Stack, wanted: str) -> Iterator[dict[str, Any]]:
    runs: dict[str, dict[str, _Chunk]] = {}
    for key in stack.keys(stack.work_bucket, "chunks/"):
        if not key.endswith(".csv") or key.count("/") != 2:  # noqa: PLR2004 - chunks/<run>/<chunk>.csv
            continue
        run_id, name = key.split("/")[1], key.split("/")[2].removesuffix(".csv")
        for place, line in enumerate(_lines(stack, key)):
            # In a feed the person may stand in any column.
            if not any(cell.strip().casefold() == wanted for cell in line):
                continue
            if run_id not in runs:
                runs[run_id] = _chunks(stack, run_id)
            if chunk := runs[run_id].get(name):
                yield {"run_id": run_id, "row": _row(stack, key, place - chunk.header), "what": chunk.end}
            elif name.startswith(LEAVERS):
                yield {
                    "run_id": run_id,
                    "row": None,
                    "what": "was not in the file, and so was to leave the audience",
                }


def _turned_away(stack: Stack, wanted: str) -> Iterator[dict[str, Any]]:
    for key in stack.keys(stack.work_bucket, "runs/"):
        if key.rsplit("/", 1)[-1] not in ("rejects.csv", "skipped.csv"):
            continue
        for line in csv.DictReader(io.StringIO(stack.read(key).decode())):
            if tells_of(line["record"] or "", wanted):
                what = f"{line['outcome']}: {reason_words(line['reason'])}"
                yield {"run_id": key.split("/")[1], "row": int(line["row"]), "what": what}


def _lines(stack: Stack, key: str) -> Iterator[list[str]]:
    body = stack.s3.get_object(Bucket=stack.work_bucket, Key=key)["Body"]
    yield from csv.reader(line.decode() for line in body.iter_lines())


def _row(stack: Stack, key: str, place: int) -> int:
    body = stack.s3.get_object(Bucket=stack.work_bucket, Key=key.removesuffix(".csv") + ".rows")["Body"]
    return int(next(itertools.islice(body.iter_lines(), place, None)))


def _chunks(stack: Stack, run_id: str) -> dict[str, _Chunk]:
    manifest = json.loads(stack.read(manifest_key(run_id)))
    actions = {chunk["chunk_id"]: Action(chunk["action"]) for chunk in manifest["chunks"]}
    try:
        report = stack.report(run_id)
    except FileNotFoundError:
        states, end = {}, "its run has not ended"
    else:
        states, end = {one["chunk_id"]: one["state"] for one in report["chunks"]}, f"its run is {report['status']}"
    return {
        name: _Chunk(int(action is Action.RELAY), f"{action} {_state_words(states.get(name))}: {end}")
        for name, action in actions.items()
    }


def _state_words(state: str | None) -> str:
    """``state``: None while the run goes on."""
    if state is None:
        return "is under way"
    if state == ChunkState.DEAD_LETTERED:
        return "could not be delivered"
    return "was sent" if state in (ChunkState.SUBMITTED, ChunkState.SETTLED) else "may not have been sent"


def _listrak(stack: Stack, person: str, list_name: str) -> str:
    """Raises CommandError: there is no such list."""
    try:
        gateway = email_gateway(stack.function_settings("DeliverEmailFunction"), None)
        contact = gateway.contact(list_named(gateway, list_name).list_id, person)
    except RelayError as error:
        return f"could not be asked: {error}"
    if contact is None:
        return NOT_ON_LIST
    return KNOWN[0] if contact.subscribed else KNOWN[1]
