"""Runs: which there were, what became of one, its rows that were turned away, and doing it again."""

from __future__ import annotations

import csv
import io
import shlex
import time
import webbrowser
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.aws.queues import redrive as return_messages
from cli.aws.queues import waiting
from cli.aws.stack import Stack
from cli.commands.pausing import paused_destinations, paused_ways
from cli.errors import CommandError, ExitCode
from cli.finding_runs import run_called
from cli.options import told
from cli.showing import NO_RUN, reason_table, run_table, show_report
from listrak_relay.domain.report.page import taken_away
from listrak_relay.domain.report.words import reason_words
from listrak_relay.domain.run.runs import DroppedFile
from listrak_relay.domain.run.work_keys import rejects_key, report_page_key, skipped_key
from listrak_relay.domain.values.counted import counted

_LOOK_AGAIN_SECONDS = 2.0
_KEPT_DAYS = 90
"""For as long the list of runs has one."""


def add_to(app: typer.Typer) -> None:
    for command in (runs, run, rejects, report, redrive, replay):
        app.command()(command)


def runs(
    context: typer.Context,
    days: Annotated[int, typer.Option(min=1, max=_KEPT_DAYS, help="How far back, up to 90.")] = 7,
    watch: Annotated[bool, typer.Option("--watch", help="Stay, and tell of each run that closes.")] = False,
) -> None:
    """Runs under way, and those that were closed in the last days.

    Example: `listrak-relay runs --days 7`
    """
    options = told(context)
    stack = options.stack()
    found = _runs(stack, days)
    if not options.say(found):
        any_run = found["open"] or found["closed"]
        options.console.print(run_table(found) if any_run else options.typed(NO_RUN))
        if found["paused"]:
            paused = f"Paused: {', '.join(found['paused'])}; go on: listrak-relay resume"
            options.console.print(options.typed(paused), style="yellow")
    seen = {entry["run_id"] for entry in found["closed"]}
    while watch:
        time.sleep(_LOOK_AGAIN_SECONDS)
        for entry in reversed(_runs(stack, days)["closed"]):
            if entry["run_id"] not in seen:
                seen.add(entry["run_id"])
                if not options.say(entry):
                    options.console.print(run_table({"open": [], "closed": [entry]}))


RUN = typer.Argument(help="Its id, such as email-0123456789abcdef, or how it begins.")


def run(context: typer.Context, run_id: Annotated[str, RUN]) -> None:
    """What became of one run. Ends with 1 if it did not complete.

    Example: `listrak-relay run email-0123456789abcdef`
    """
    options = told(context)
    stack = options.stack()
    made = _report(stack, run_called(stack, run_id))
    if not options.say(made):
        show_report(options, made)
    if made["status"] != "COMPLETED" or not made["balanced"]:
        raise typer.Exit(ExitCode.NOT_WELL)


def rejects(
    context: typer.Context,
    run_id: Annotated[str, RUN],
    rows: Annotated[bool, typer.Option("--rows", help="The rows themselves, which are personal data.")] = False,
) -> None:
    """Rows that were turned away or left alone, by reason, each with its number in the file.

    Example: `listrak-relay rejects email-0123456789abcdef`
    """
    options = told(context)
    stack = options.stack()
    run_id = run_called(stack, run_id)
    lines: list[dict[str, str]] = []
    for key in (rejects_key(run_id), skipped_key(run_id)):
        try:
            lines += csv.DictReader(io.StringIO(stack.read(key).decode()))
        except FileNotFoundError:
            continue
    made = _report(stack, run_id) if not lines else {}
    if not rows:
        lines = [{name: text for name, text in line.items() if name != "record"} for line in lines]
    if options.say(lines):
        return
    if rows:
        for line in lines:
            typer.echo(f"{line['file']} row {line['row']}: {reason_words(line['reason'])}: {line['record']}")
        return
    options.console.print(reason_table(lines) if lines else "No row was turned away.")
    if given_up := made.get("counts", {}).get("dead_lettered", 0):
        typer.echo(options.typed(f"{given_up:,} of its rows could not be delivered; why: listrak-relay run {run_id}"))


def report(
    context: typer.Context,
    run_id: Annotated[str, RUN],
    open_it: Annotated[bool, typer.Option("--open", help="Show it in the browser.")] = False,
    out: Annotated[Path, typer.Option(help="Where to put it.")] = Path(),
) -> None:
    """Fetch the run's report as a page for people.

    Example: `listrak-relay report email-0123456789abcdef --open`
    """
    options = told(context)
    stack = options.stack()
    run_id = run_called(stack, run_id)
    _report(stack, run_id)
    page = taken_away(stack.read(report_page_key(run_id)).decode(), files=False)
    if not out.is_dir():
        raise CommandError(f"there is no folder {out}; make it, or name another: --out", ExitCode.WRONG_USE)
    file = out / f"{run_id}.html"
    file.write_text(page, encoding="utf-8")
    if not options.say({"file": str(file)}):
        typer.echo(f"The report is in {file}")
    if open_it:
        webbrowser.open(file.resolve().as_uri())


def redrive(
    context: typer.Context, run_id: Annotated[str | None, typer.Argument(help="Of this run only; all without.")] = None
) -> None:
    """Return messages from the dead-letter queues, after their cause was mended. Nothing is sent twice by it.

    Example: `listrak-relay redrive email-0123456789abcdef`
    """
    options = told(context)
    stack = options.stack()
    run_id = run_called(stack, run_id) if run_id else None
    returned = return_messages(stack, run_id)
    if options.say({"returned": dict(returned.by_run), "left": returned.left, "waiting": waiting(stack)}):
        return
    for run_, number in returned.by_run.items():
        typer.echo(options.typed(f"{run_}: {counted(number, 'message')} returned; follow it: listrak-relay run {run_}"))
    if not returned.by_run:
        typer.echo(f"No message {'of this run ' if run_id else ''}is in a dead-letter queue.")
    if returned.left:
        typer.echo(f"Of other runs, left where they are: {counted(returned.left, 'message')}.")


def replay(
    context: typer.Context,
    key: Annotated[str, typer.Argument(help="Drop key, such as email/vip/people.csv.")],
    version: Annotated[str | None, typer.Option(help="Of the file; the newest without.")] = None,
) -> None:
    """Drop a file again as it was: a new run, by the configuration of now.

    Example: `listrak-relay replay email/vip/people.csv`
    """
    options = told(context)
    stack = options.stack()
    try:
        made = stack.drop_again(key, version)
    except FileNotFoundError as error:
        raise CommandError(_no_file(stack, key, version)) from error
    run_id = DroppedFile(stack.drop_bucket, key, made, 0, "").run_id
    if not options.say({"run_id": run_id, "version_id": made}):
        typer.echo(options.typed(f"Dropped again as run {run_id}; follow it: listrak-relay run {run_id}"))


def _no_file(stack: Stack, key: str, version: str | None) -> str:
    """What to do where nothing can be dropped again."""
    if version is None and (kept := stack.versions(key)):
        return (
            f"s3://{stack.drop_bucket}/{key} was deleted; an earlier version is kept: listrak-relay replay "
            f"{shlex.quote(key)} --version {kept[0]}"
        )
    if "/" not in key:
        with suppress(CommandError, FileNotFoundError):
            of_run = stack.report(run_called(stack, key))["file"]["key"]
            return f"{key} is a run; its file was dropped as {of_run}: listrak-relay replay {shlex.quote(of_run)}"
    return (
        f"there is no such file: s3://{stack.drop_bucket}/{key}{f' of version {version}' if version else ''}; "
        "`listrak-relay run RUN` shows under which key the file of a run was dropped. What was deleted there has to be "
        "dropped by whoever makes it: listrak-relay send"
    )


def _report(stack: Stack, run_id: str) -> dict[str, Any]:
    try:
        return stack.report(run_id)
    except FileNotFoundError as error:
        if found := stack.open_run(run_id):
            of = "" if found.rows_read is None else f", {found.rows_ended:,} of {found.rows_read:,} rows have ended"
            said = f" So far: {found.problem}" if found.problem else ""
            ways = paused_ways(stack)
            paused = f" Sending is paused ({', '.join(ways)}); go on: listrak-relay resume" if ways else ""
            one = found.where.split("/")[0]
            if one in paused_destinations(stack):
                paused += f" Its destination is paused; go on: listrak-relay resume --destination {one}"
            trouble = f" {found.trouble_sentence}." if found.trouble else ""
            waits = f" It {found.waiting_for}." if found.waiting_for else ""
            raise CommandError(
                f"the run has not ended: it is {found.status}{of}.{said}{waits}{trouble}{paused}"
            ) from error
        raise CommandError(
            f"the report of the run {run_id} is no longer kept; `listrak-relay runs --days 90` lists those that are"
        ) from error


def _runs(stack: Stack, days: int) -> dict[str, Any]:
    since = (datetime.now(UTC) - timedelta(days=days)).isoformat()
    closed = [entry for entry in stack.closed_runs() if str(entry["closed_at"]) >= since]
    paused = paused_destinations(stack)
    under_way = [
        {
            "run_id": r.run_id,
            "status": r.status,
            "where": r.where,
            "rows_read": r.rows_read,
            "rows_ended": r.rows_ended,
            "paused": r.where.split("/")[0] in paused,
            "trouble": r.trouble_sentence,
            "waiting_for": r.waiting_for,
        }
        for r in stack.open_runs()
    ]
    return {"open": under_way, "closed": closed, "paused": paused_ways(stack)}
