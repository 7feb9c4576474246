"""Stopping and going on: what is dropped meanwhile waits in the queues."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from cli.aws.stack import DELIVERIES, Stack, answered
from cli.options import told


class Delivery(StrEnum):
    """What can be stopped by itself."""

    EMAIL = "email"
    SMS = "sms"
    FEEDS = "feeds"


WHAT = typer.Argument(help="One way out alone; all three without.")


def add_to(app: typer.Typer) -> None:
    app.command()(pause)
    app.command()(resume)


def pause(context: typer.Context, delivery: Annotated[Delivery | None, WHAT] = None) -> None:
    """Stop sending to Listrak. Files are still read; what they hold waits in the queues, up to a day safely: a day
    after `ImportDeadlineHours` a run counts as overdue. What is being sent right now is sent to its end.

    Example: `listrak-relay pause email`
    """
    _switch(context, delivery, on=False)


def resume(context: typer.Context, delivery: Annotated[Delivery | None, WHAT] = None) -> None:
    """Go on sending, beginning with what has waited.

    Example: `listrak-relay resume`
    """
    _switch(context, delivery, on=True)


def states(stack: Stack) -> dict[str, bool]:
    """Way out → whether it is sending."""
    return {
        name: all(mapping["State"] in ("Enabled", "Enabling") for mapping in _mappings(stack, name))
        for name in DELIVERIES
    }


def _switch(context: typer.Context, delivery: Delivery | None, *, on: bool) -> None:
    options = told(context)
    stack = options.stack()
    for name in [delivery.value] if delivery else DELIVERIES:
        for mapping in _mappings(stack, name):
            uuid = mapping["UUID"]
            answered(lambda u=uuid: stack.client("lambda").update_event_source_mapping(UUID=u, Enabled=on), name)
    now = states(stack)
    if not options.say({"sending": now}):
        for name, sending in now.items():
            typer.echo(f"{name:<6} {'is sending' if sending else 'is paused; go on: listrak-relay resume ' + name}")


def _mappings(stack: Stack, name: str) -> list[dict[str, str]]:
    function = stack.resources[DELIVERIES[name]]
    found = answered(lambda: stack.client("lambda").list_event_source_mappings(FunctionName=function), function)
    mappings: list[dict[str, str]] = found["EventSourceMappings"]
    return mappings
