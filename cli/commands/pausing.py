"""Stopping and going on: what is dropped meanwhile waits in the queues."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

import typer

from cli.aws.answers import answered
from cli.aws.stack import DELIVERIES, Stack
from cli.errors import CommandError, ExitCode
from cli.options import Told, told
from cli.reading import destinations, named
from listrak_relay.domain.destinations.choices import Channel
from listrak_relay.ports.pauses import PauseBook, is_way_out, way_out
from listrak_relay.wiring.operating import pause_book

CHANNELS = {"email": Channel.EMAIL, "sms": Channel.SMS, "feeds": Channel.SFTP}


class Delivery(StrEnum):
    """What can be stopped by itself."""

    EMAIL = "email"
    SMS = "sms"
    FEEDS = "feeds"


WHAT = typer.Argument(
    help="One way out alone, email, sms or feeds; all three without.",
    autocompletion=lambda: [one.value for one in Delivery],
)
ONE = Annotated[str | None, typer.Option("--destination", "-d", help="One destination alone, by its name.")]


def add_to(app: typer.Typer) -> None:
    app.command()(pause)
    app.command()(resume)


def pause(context: typer.Context, delivery: Annotated[str | None, WHAT] = None, destination: ONE = None) -> None:
    """Stop sending to Listrak, or for one destination. Files are still read; what they hold waits in the queues and
    is not lost, up to 14 days. What is being sent right now is sent to its end: a batch, or an import.

    Example: `listrak-relay pause email`, `listrak-relay pause --destination vip`
    """
    _switch(context, delivery, destination, on=False)


def resume(context: typer.Context, delivery: Annotated[str | None, WHAT] = None, destination: ONE = None) -> None:
    """Go on sending, beginning with what has waited; of one destination within two minutes.

    Example: `listrak-relay resume`, `listrak-relay resume --destination vip`
    """
    _switch(context, delivery, destination, on=True)


def states(stack: Stack) -> dict[str, bool]:
    """Way out → whether it is sending."""
    return {
        name: all(mapping["State"] in ("Enabled", "Enabling") for mapping in _mappings(stack, name))
        for name in DELIVERIES
    }


def paused_destinations(stack: Stack) -> dict[str, str]:
    """Name → since when, in UTC."""
    lasting = answered(_pauses(stack).lasting, "the ledger")
    return {
        name: datetime.fromtimestamp(pause.since, UTC).strftime("%Y-%m-%d %H:%M UTC")
        for name, pause in lasting.items()
        if not is_way_out(name)
    }


def paused_ways(stack: Stack) -> list[str]:
    """Names of the ways out that are paused."""
    lasting = answered(_pauses(stack).lasting, "the ledger")
    return [name for name, channel in CHANNELS.items() if way_out(channel) in lasting]


def _switch(context: typer.Context, delivery: str | None, destination: str | None, *, on: bool) -> None:
    options = told(context)
    if delivery is not None and delivery not in DELIVERIES:
        raise CommandError(
            f"there is no way out {delivery!r}, but email, sms and feeds; a destination is named by --destination "
            f"{delivery}",
            ExitCode.WRONG_USE,
        )
    if delivery and destination:
        raise CommandError("name a way out or a destination, not both", ExitCode.WRONG_USE)
    stack = options.stack()
    if destination:
        _switch_destination(options, stack, destination, on=on)
    else:
        _switch_ways(stack, [delivery] if delivery else list(DELIVERIES), on=on)
    now, paused = states(stack), paused_destinations(stack)
    if not options.say({"sending": now, "paused_destinations": paused}):
        for name, sending in now.items():
            state = "is sending" if sending else f"is paused; go on: listrak-relay resume {name}"
            typer.echo(options.typed(f"{name:<6} {state}"))
        for name, since in paused.items():
            state = f"is paused since {since}; go on: listrak-relay resume --destination {name}"
            typer.echo(options.typed(f"destination {name} {state}"))


def _switch_destination(options: Told, stack: Stack, name: str, *, on: bool) -> None:
    paused = name in paused_destinations(stack)
    if not (on and paused):  # one that was taken out of the configuration meanwhile may still be resumed
        named(destinations(options, None, deployed=True), name)
    if on and paused:
        answered(lambda: _pauses(stack).resume(name, time.time()), "the ledger")
    elif on and not options.json:
        typer.echo(f"destination {name} was not paused")
    elif not on:
        answered(lambda: _pauses(stack).pause(name, time.time()), "the ledger")


def _switch_ways(stack: Stack, names: Sequence[str], *, on: bool) -> None:
    for name in names:
        # On record too, so that the time is not held against the runs that wait.
        pauses, way = _pauses(stack), way_out(CHANNELS[name])
        if not on:
            answered(lambda p=pauses, w=way: p.pause(w, time.time()), "the ledger")
        for mapping in _mappings(stack, name):
            uuid = mapping["UUID"]
            answered(lambda u=uuid: stack.client("lambda").update_event_source_mapping(UUID=u, Enabled=on), name)
        if on:
            answered(lambda p=pauses, w=way: p.resume(w, time.time()), "the ledger")


def _pauses(stack: Stack) -> PauseBook:
    return pause_book(stack.outputs["LedgerTableName"])


def _mappings(stack: Stack, name: str) -> list[dict[str, str]]:
    function = stack.resources[DELIVERIES[name]]
    found = answered(lambda: stack.client("lambda").list_event_source_mappings(FunctionName=function), function)
    mappings: list[dict[str, str]] = found["EventSourceMappings"]
    return mappings
