"""Removing a person from what the stack keeps."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from cli.asking import confirmed
from cli.aws.audit import put_on_record
from cli.aws.erasing import delete_object, remove_from_chunk, remove_lines, remove_records
from cli.aws.stack import Stack
from cli.commands.people import person_of, places_of
from cli.errors import CommandError
from cli.options import Told, told
from cli.reading import destinations
from listrak_relay.domain.destinations.choices import Channel
from listrak_relay.domain.lanes.lane import lane_of
from listrak_relay.domain.values.counted import counted
from listrak_relay.errors import RelayError
from listrak_relay.wiring.operating import forget_at_listrak, remembered_opt_outs

REPLACED = ("rejects.csv", "skipped.csv", "warnings.csv")
"""Files of a run that hold rows as they were in the file."""
FINISHED = ("COMPLETED", "REJECTED")
"""Runs of which no chunk is read again. The chunks of others may be returned from a dead-letter queue."""
LEFT = "Not done by this: a file with a yes of their own brings them back. Take them out where the files are made."
NOBODY = (
    "! Nothing that is kept here had this person. Is it written as in the files? Look: listrak-relay who, which asks "
    "Listrak as well."
)
PRIVACY_INTEGRATION = "listrak-privacy"
"""Behind the stack's name: the secret of an integration of Listrak's of type Privacy."""


@dataclass(slots=True)
class Forgotten:
    """``rows``: removed from chunks, from files of rejected rows and from those that tell who opted out. ``files``:
    dropped files that were deleted. ``lists``: how many keep the person out from now on. ``waiting``: runs that still
    hold the person. ``faulty``: destinations of whose lists nobody can tell. ``listrak``,
    ``refused``: what became of the request to Listrak, a sentence in one of them.
    """

    rows: int = 0
    files: list[str] = field(default_factory=list)
    lists: int = 0
    waiting: list[str] = field(default_factory=list)
    faulty: list[str] = field(default_factory=list)
    listrak: str = ""
    refused: str = ""


def add_to(app: typer.Typer) -> None:
    app.command()(forget)


def forget(
    context: typer.Context,
    person: Annotated[str, typer.Argument(help="An email address, or a phone number as +17175550100.")],
    sure: Annotated[bool, typer.Option("--yes", help="Do it without asking.")] = False,
) -> None:
    """Remove a person from everything that the stack keeps: the rows in the WorkBucket and in the files of who opted
    out, and the dropped files that had them, which are deleted as a whole. What stays is a keyed hash for each list, by
    which later files skip them unless they have a yes of their own. Listrak is asked to forget them where the secret
    `<stack>/listrak-privacy` holds an integration of type Privacy. Runs that have not ended well are left, and named:
    end them first.

    Example: `listrak-relay forget ana@example.com`
    """
    options = told(context)
    wanted = person_of(person)
    stack = options.stack()
    runs = sorted({str(place["run_id"]) for place in places_of(stack, wanted)})
    if runs and not sure:
        question = f"{counted(len(runs), 'run')} had this person; delete their dropped files and the person's rows?"
        confirmed(question, "--yes")
    done = Forgotten()
    for run_id in runs:
        _forget_in(stack, run_id, wanted, done)
    for key in list(stack.keys(stack.work_bucket, "delivered/")):
        if key.endswith(".csv"):
            done.rows += remove_from_chunk(stack, key, wanted)
    _forget_opt_outs(stack, wanted, done)
    _keep_out(options, wanted, done)
    _ask_listrak(stack, person.strip(), done)
    facts = {"runs": runs, "rows": done.rows, "files": len(done.files), "lists": done.lists}
    put_on_record(stack, "forget", facts | {"listrak": done.listrak or done.refused})
    if not options.say({**asdict(done), "left": LEFT}):
        _show(done, nobody=not runs and not done.rows)
    if done.waiting:
        raise CommandError(
            f"these runs have not ended well and still hold the person: {', '.join(done.waiting)}. Redrive them, or "
            "let them expire, and run this again"
        )
    if done.refused:
        raise CommandError(done.refused)
    if done.faulty:
        raise CommandError(
            f"these destinations cannot be used, so their lists do not keep the person out: {', '.join(done.faulty)}. "
            "Mend config/destinations.yaml and run this again"
        )


def _show(done: Forgotten, *, nobody: bool) -> None:
    if nobody:
        typer.echo(NOBODY)
    typer.echo(
        f"Rows removed: {done.rows}. Dropped files deleted: {len(done.files)}. "
        f"Lists that keep the person out: {done.lists}."
    )
    if done.listrak:
        typer.echo(done.listrak)
    typer.echo(LEFT)


def _ask_listrak(stack: Stack, person: str, done: Forgotten) -> None:
    secret = f"{stack.name}/{PRIVACY_INTEGRATION}"
    try:
        request = forget_at_listrak(stack.function_settings("DeliverEmailFunction"), secret, person)
    except RelayError as error:
        done.refused = f"Listrak keeps the person, for it could not be asked to forget: {error}. Run this again"
        return
    if request is None:
        done.listrak = (
            "Listrak keeps the person, if it has them: it was not asked to forget, since there is no secret "
            f"{secret} with client_id and client_secret of an integration of type Privacy. Make one and run this "
            "again, or submit the request in Listrak."
        )
    else:
        done.listrak = f"Listrak was asked to forget the person: request {request}."


def _forget_opt_outs(stack: Stack, wanted: str, done: Forgotten) -> None:
    """In what was collected from Listrak."""
    for key in list(stack.keys(stack.opt_out_bucket, "")):
        done.rows += remove_lines(stack, stack.opt_out_bucket, key, wanted)
    for key in list(stack.keys(stack.work_bucket, "listed/")):
        done.rows += remove_lines(stack, stack.work_bucket, key, wanted.removeprefix("+"))


def _keep_out(options: Told, wanted: str, done: Forgotten) -> None:
    """Of every list of the channel, those too that never had the person."""
    found = destinations(options, None, deployed=True)
    channel = Channel.EMAIL if "@" in wanted else Channel.SMS
    lanes = {lane_of(one) for one in found.sound.values() if one.channel is channel}
    opt_outs = remembered_opt_outs(options.stack().function_settings("IngestAudienceFunction"))
    now = datetime.now(UTC).timestamp()
    for lane in lanes:
        opt_outs.keep_out(str(lane), wanted, now)
    done.lists, done.faulty = len(lanes), sorted(found.faulty)


def _forget_in(stack: Stack, run_id: str, wanted: str, done: Forgotten) -> None:
    try:
        report = stack.report(run_id)
    except FileNotFoundError:
        report = {"status": "open"}
    if report["status"] not in FINISHED:
        done.waiting.append(run_id)
        return
    for name in REPLACED:
        done.rows += remove_records(stack, f"runs/{run_id}/{name}", wanted)
    for key in list(stack.keys(stack.work_bucket, f"chunks/{run_id}/")):
        # Of use only while the file is read, while a mirror run is prepared, and while a phone list is read on.
        if key.startswith(f"chunks/{run_id}/ranges/") or key.endswith((".staying", ".numbers")):
            delete_object(stack, stack.work_bucket, key, keep_current=False)
        elif key.endswith((".csv", ".removals")):
            done.rows += remove_from_chunk(stack, key, wanted)
    for key in list(stack.keys(stack.work_bucket, f"runs/{run_id}/results/")):  # left over from a crash
        delete_object(stack, stack.work_bucket, key, keep_current=False)
    file = report["file"]
    for key in _parts(stack, run_id) or [file["key"]]:
        delete_object(stack, stack.drop_bucket, key, keep_current=False)
        done.files.append(key)


def _parts(stack: Stack, run_id: str) -> list[str]:
    """Keys of the dropped files of a run that had several."""
    try:
        job: dict[str, Any] = json.loads(stack.read(f"runs/{run_id}/job.json"))
    except FileNotFoundError:
        return []
    return [str(part["key"]) for part in job.get("parts", [])]
