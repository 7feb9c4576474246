"""The first quarter of an hour after a deployment: credentials, a list, a destination."""

from __future__ import annotations

from collections.abc import Sequence

import typer

from cli.aws.stack import Stack
from cli.commands.config import put_destination
from cli.commands.pausing import Delivery
from cli.commands.rotating import FUNCTIONS, asked_for, put_credentials
from cli.errors import CommandError, ExitCode
from cli.options import told
from listrak_relay.domain.destinations.choices import Channel, Mode
from listrak_relay.domain.destinations.destinations import BUILT_IN, MASTER_LIST
from listrak_relay.errors import RelayError
from listrak_relay.wiring.operating import configuration, email_gateway, sms_gateway

_TRIES = 3


def add_to(app: typer.Typer) -> None:
    app.command()(init)


def init(context: typer.Context) -> None:
    """Ask for what a new stack needs: Listrak's credentials, a list, a first destination. Each is tried against
    Listrak before it is put in place, and what is in place already is kept. No contact is touched.

    Example: `listrak-relay init`
    """
    options = told(context)
    if options.json:
        raise CommandError("init asks a person; programs use rotate and config add", ExitCode.WRONG_USE)
    stack = options.stack()
    lists = _email_lists(stack)
    if lists is None:
        lists = _email_lists(stack) if _credentials(stack, Delivery.EMAIL, "email") else None
    if not _texts_signed_in(stack) and typer.confirm("Will you send text messages?", default=False):
        _credentials(stack, Delivery.SMS, "SMS")
    if lists is None:
        raise CommandError("without email credentials there is no list to choose; come back: listrak-relay init")
    name, settings = _destination(stack, lists)
    if settings:
        put_destination(options, stack, name, settings)
        typer.echo(f"The destination {name} is in place.")
    else:
        typer.echo("The built-in destination email does just that; nothing needed to be written.")
    typer.echo("")
    look = f"listrak-relay plan FILE --destination {name} --deployed --listrak"
    send = f"listrak-relay send FILE --destination {name} --audience vip"
    typer.echo(f"Look at a file, sending nothing:  {options.typed(look)}")
    typer.echo(f"Send it and follow its run:       {options.typed(send)}")
    typer.echo(f"What your platform drops goes to  s3://{stack.drop_bucket}/{name}/<audience>/<file>")


def _email_lists(stack: Stack) -> list[str] | None:
    """Names; None: the credentials that are in place are not taken."""
    try:
        return [one.name for one in email_gateway(stack.function_settings(FUNCTIONS["email"]), None).lists()]
    except RelayError:
        return None


def _texts_signed_in(stack: Stack) -> bool:
    try:
        sms_gateway(stack.function_settings(FUNCTIONS["sms"]), None).sender_codes()
    except RelayError:
        return False
    typer.echo("Listrak takes the SMS credentials that are in place.")
    return True


def _credentials(stack: Stack, delivery: Delivery, words: str) -> bool:
    """Whether Listrak took what was typed."""
    typer.echo(
        f"Client id and secret of a Listrak integration of the type {words} (Listrak: Integrations > Management)."
    )
    for _ in range(_TRIES):
        try:
            put_credentials(stack, delivery, None, asked_for(delivery))
        except CommandError as error:
            if error.code in (ExitCode.NOT_ANSWERED, ExitCode.WRONG_USE):  # nobody answers, Listrak or who was asked
                raise
            typer.echo(str(error))
        else:
            typer.echo("Listrak has taken them; they are in place.")
            return True
    typer.echo(f"That was tried {_TRIES} times; nothing was changed. docs/listrak-setup.md says where they are found.")
    return False


def _destination(stack: Stack, lists: Sequence[str]) -> tuple[str, dict[str, str]]:
    """Its name, and its settings as they are to stand in the file; none: the built-in one will do."""
    typer.echo(f"Listrak takes the email credentials. Lists: {', '.join(sorted(lists))}")
    by_name = {name.casefold(): name for name in lists}
    usual = MASTER_LIST if MASTER_LIST.casefold() in by_name else sorted(lists)[0] if lists else MASTER_LIST
    while (wanted := typer.prompt("List of the first destination", default=usual)).casefold() not in by_name:
        typer.echo(f"Listrak has no list {wanted!r}; one of: {', '.join(sorted(lists))}")
    mode = "unknown"
    while mode not in (Mode.ADD.value, Mode.MIRROR.value):
        mode = typer.prompt("add: files add people · mirror: the audience becomes what each file says", default="add")
    chosen = by_name[wanted.casefold()]
    if chosen == MASTER_LIST and mode == Mode.ADD.value:
        return BUILT_IN["email"].name, {}
    there = configuration(stack.configuration(), "config/destinations.yaml")
    taken = there.sound.keys() | there.faulty.keys()
    name = typer.prompt("Name of the destination, the first folder of a drop", default=_free_name(chosen, taken))
    return name, {"channel": Channel.EMAIL.value, "list": chosen, "mode": mode}


def _free_name(list_name: str, taken: Sequence[str] | frozenset[str] | set[str]) -> str:
    base = "".join(sign if sign.isalnum() else "-" for sign in list_name.lower()).strip("-") or "people"
    return next(name for name in (base, *(f"{base}-{number}" for number in range(2, 1000))) if name not in taken)
