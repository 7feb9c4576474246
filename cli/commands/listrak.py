"""What Listrak has: lists, profile fields."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.errors import CommandError, ExitCode
from cli.options import told
from cli.showing import plain_table
from listrak_relay.domain.destinations.destinations import MASTER_LIST
from listrak_relay.ports.listrak_email import EmailGateway, ListrakList
from listrak_relay.wiring.operating import email_gateway

SECRET = typer.Option(help="Another secret than the stack's own.")


def add_to(app: typer.Typer) -> None:
    app.command()(lists)
    app.command()(fields)


def lists(context: typer.Context, secret: Annotated[str | None, SECRET] = None) -> None:
    """The email lists of the account, by the names that a destination takes.

    Example: `listrak-relay lists`
    """
    options = told(context)
    found = email_gateway(options.stack().function_settings("DeliverEmailFunction"), secret).lists()
    if not options.say([{"list_id": one.list_id, "name": one.name} for one in found]):
        for one in sorted(found, key=lambda one: one.name):
            typer.echo(one.name)


def fields(
    context: typer.Context,
    list_name: Annotated[str, typer.Argument(help="Name of the list.")] = MASTER_LIST,
    secret: Annotated[str | None, SECRET] = None,
) -> None:
    """The profile fields of a list, by group.

    Example: `listrak-relay fields "Master List"`
    """
    options = told(context)
    gateway = email_gateway(options.stack().function_settings("DeliverEmailFunction"), secret)
    of_list = list_named(gateway, list_name)
    found = [
        {"group": group.name, "name": field.name, "type": field.data_type, "max_length": field.max_length}
        for group in gateway.groups(of_list.list_id)
        for field in gateway.fields(of_list.list_id, group.group_id)
    ]
    if not options.say(found):
        table = plain_table()
        for one in found:
            table.add_row(str(one["name"]), str(one["type"]), str(one["group"]))
        options.console.print(table)
        if not found:
            typer.echo("The list has no profile fields.")


def list_named(gateway: EmailGateway, name: str) -> ListrakList:
    """Raises CommandError: Listrak has none of this name."""
    there = gateway.lists()
    for one in there:
        if one.name.casefold() == name.casefold():
            return one
    known = ", ".join(sorted(one.name for one in there)) or "none"
    raise CommandError(f"Listrak has no list {name!r}; it has {known}", ExitCode.WRONG_USE)
