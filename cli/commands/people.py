"""Finding a person."""

from __future__ import annotations

import csv
import io
import itertools
import json
from collections.abc import Iterator
from typing import Annotated, Any

import typer

from cli.aws.audit import put_on_record
from cli.aws.stack import Stack
from cli.errors import ExitCode
from cli.options import told
from listrak_relay.domain.destinations.destinations import MASTER_LIST
from listrak_relay.domain.report.words import reason_words
from listrak_relay.domain.run.rejects import tells_of
from listrak_relay.domain.run.work_keys import manifest_key
from listrak_relay.errors import RelayError
from listrak_relay.wiring.operating import email_gateway


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
    record below `audit/` there, not who. Ends with 1 if nobody knows the person.

    Example: `listrak-relay who ana@example.com`
    """
    options = told(context)
    stack = options.stack()
    wanted = person.strip().casefold()
    found = places_of(stack, wanted)
    listrak = _listrak(stack, person.strip(), list_name) if ask_listrak and "@" in person else None
    put_on_record(stack, "who", {"places": len(found)})
    if not options.say({"places": found, "listrak": listrak}):
        for one in found:
            typer.echo(f"{one['run_id']}  row {one['row']}  {one['what']}")
        if not found:
            typer.echo("No run that is kept had this person.")
        if listrak:
            typer.echo(f"Listrak, {list_name}: {listrak}")
    if not found and listrak in (None, "not on the list"):
        raise typer.Exit(ExitCode.NOT_WELL)


def places_of(stack: Stack, wanted: str) -> list[dict[str, Any]]:
    """Run, row and what became of it, for each place in the WorkBucket. ``wanted``: case-folded."""
    return sorted([*_sent(stack, wanted), *_turned_away(stack, wanted)], key=lambda one: str(one["run_id"]))


def _sent(stack: Stack, wanted: str) -> Iterator[dict[str, Any]]:
    actions: dict[str, dict[str, str]] = {}
    for key in stack.keys(stack.work_bucket, "chunks/"):
        if not key.endswith(".csv") or key.count("/") != 2:  # noqa: PLR2004 - chunks/<run>/<chunk>.csv
            continue
        run_id, chunk_id = key.split("/")[1], key.split("/")[2].removesuffix(".csv")
        for place, line in enumerate(_lines(stack, key)):
            if line and line[0].casefold() == wanted:
                actions.setdefault(run_id, _actions(stack, run_id))
                action = actions[run_id].get(chunk_id, "sent")
                yield {"run_id": run_id, "row": _row(stack, key, place), "what": f"{action}: {_end(stack, run_id)}"}


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


def _actions(stack: Stack, run_id: str) -> dict[str, str]:
    manifest = json.loads(stack.read(manifest_key(run_id)))
    return {chunk["chunk_id"]: f"{chunk['action']} was sent" for chunk in manifest["chunks"]}


def _end(stack: Stack, run_id: str) -> str:
    try:
        return f"its run is {stack.report(run_id)['status']}"
    except FileNotFoundError:
        return "its run has not ended"


def _listrak(stack: Stack, person: str, list_name: str) -> str:
    try:
        gateway = email_gateway(stack.function_settings("DeliverEmailFunction"), None)
        lists = [one for one in gateway.lists() if one.name == list_name]
        if not lists:
            return "there is no list of this name; `listrak-relay lists` names those there are"
        contact = gateway.contact(lists[0].list_id, person)
    except RelayError as error:
        return f"could not be asked: {error}"
    if contact is None:
        return "not on the list"
    return "subscribed" if contact.subscribed else "unsubscribed"
