"""Is everything as it must be, and if not, what to do."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import asdict
from email.utils import parsedate_to_datetime

import typer
from rich.table import Table
from rich.text import Text

from cli.aws.answers import answered
from cli.aws.queues import depth, waiting
from cli.aws.stack import Stack
from cli.commands.pausing import paused_destinations, states
from cli.errors import ExitCode
from cli.findings import Finding, listrak_findings
from cli.options import told
from listrak_relay.domain.configuration.destination_rules import Destinations
from listrak_relay.domain.values.counted import counted
from listrak_relay.errors import RelayError
from listrak_relay.wiring.operating import configuration

_MOST_SKEW_SECONDS = 60.0


def add_to(app: typer.Typer) -> None:
    app.command()(doctor)


def doctor(context: typer.Context) -> None:
    """Look at everything that can be wrong: the stack, its configuration, credentials, lists, queues, alarms, the
    clock. Changes nothing. Ends with 1 if something is to be done.

    Example: `listrak-relay doctor`
    """
    options = told(context)
    stack = options.stack()
    findings = list(_findings(stack))
    if not options.say([asdict(one) for one in findings]):
        table = Table(box=None, show_header=False, padding=(0, 1, 0, 0), pad_edge=False)
        for one in findings:
            mark = Text("!", style="yellow") if one.todo else Text("✓", style="green")
            table.add_row(mark, Text.assemble((f"{one.about}: ", "bold"), one.found))
            if one.todo:
                table.add_row("", Text(options.typed(f"→ {one.todo}"), style="yellow"))
        options.console.print(table)
    if any(one.todo for one in findings):
        raise typer.Exit(ExitCode.NOT_WELL)


def _findings(stack: Stack) -> Iterator[Finding]:
    yield Finding("stack", f"{stack.name}, drop files in s3://{stack.drop_bucket}/<destination>/<audience>/<file>")
    yield _clock(stack)
    chosen = configuration(None, "")
    try:
        chosen = configuration(stack.configuration(), "config/destinations.yaml")
        yield _configuration(chosen)
    except RelayError as error:
        yield Finding("configuration", str(error), "mend it and put it in place: listrak-relay config push FILE")
    yield from listrak_findings(stack, chosen)
    for name, sending in states(stack).items():
        todo = "" if sending else f"if that was not meant: listrak-relay resume {name}"
        yield Finding(f"sending {name}", "on" if sending else "paused", todo)
    for name, since in paused_destinations(stack).items():
        todo = f"if that was not meant: listrak-relay resume --destination {name}"
        yield Finding(f"destination {name}", f"paused since {since}", todo)
    yield from _queues(stack)
    yield from _alarms(stack)


def _clock(stack: Stack) -> Finding:
    answer = answered(lambda: stack.s3.head_bucket(Bucket=stack.drop_bucket), stack.drop_bucket)
    there = parsedate_to_datetime(answer["ResponseMetadata"]["HTTPHeaders"]["date"]).timestamp()
    skew = abs(time.time() - there)
    todo = "" if skew <= _MOST_SKEW_SECONDS else "set this machine's clock; AWS refuses calls that are minutes off"
    return Finding("clock", f"{skew:.0f} s from that of AWS", todo)


def _configuration(found: Destinations) -> Finding:
    if found.error:
        return Finding("configuration", str(found.error), "mend it: listrak-relay config check, then config push FILE")
    return Finding("configuration", f"sound, {counted(len(found.sound), 'destination')}")


_GIVEN_UP = (
    "listrak-relay runs; mend the cause, then listrak-relay redrive, or listrak-relay replay where a destination was "
    "wrong"
)


def _queues(stack: Stack) -> Iterator[Finding]:
    for name, messages in waiting(stack).items():
        yield Finding(name, counted(messages, "message"), _GIVEN_UP if messages else "")
    failed = depth(stack, stack.outputs["IngestFailureQueueUrl"])
    yield Finding("IngestFailureQueue", f"{counted(failed, 'file')} to be tried again", "")


def _alarms(stack: Stack) -> Iterator[Finding]:
    names = [name for logical, name in stack.resources.items() if logical.endswith("Alarm")]
    found = answered(lambda: stack.client("cloudwatch").describe_alarms(AlarmNames=names), "alarms")["MetricAlarms"]
    ringing = sorted(one["AlarmName"] for one in found if one["StateValue"] == "ALARM")
    todo = "docs/operations.md says what each alarm means" if ringing else ""
    yield Finding("alarms", f"{len(found)} there, in alarm: {', '.join(ringing) or 'none'}", todo)
