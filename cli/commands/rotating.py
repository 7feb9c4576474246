"""New credentials for Listrak."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from cli.asking import asked
from cli.aws.answers import answered
from cli.aws.stack import Stack
from cli.commands.pausing import Delivery
from cli.errors import CommandError, ExitCode
from cli.options import told
from cli.reading import readable
from listrak_relay.ports.secrets import Credentials
from listrak_relay.wiring.operating import sign_in

OUTPUTS = {"email": "ListrakEmailSecretName", "sms": "ListrakSmsSecretName"}
FUNCTIONS = {"email": "DeliverEmailFunction", "sms": "DeliverSmsFunction"}


def add_to(app: typer.Typer) -> None:
    app.command()(rotate)


def rotate(
    context: typer.Context,
    delivery: Annotated[Delivery, typer.Argument(help="Whose credentials: email or sms; of feeds see docs/sftp.md.")],
    secret: Annotated[str | None, typer.Option(help="Another secret than the stack's own.")] = None,
    file: Annotated[
        Path | None, typer.Option(help='A file with {"client_id": …, "client_secret": …}; asked for without.')
    ] = None,
) -> None:
    """Put new credentials in place, after Listrak has taken them. Functions use them after five minutes at the latest,
    or at once when Listrak refuses the old ones.

    Example: `listrak-relay rotate email`
    """
    if delivery is Delivery.FEEDS:
        raise CommandError(
            "an SFTP account is put in place by the aws command (docs/sftp.md), then looked at by make sftp-check",
            ExitCode.WRONG_USE,
        )
    options = told(context)
    stack = options.stack()
    name = put_credentials(stack, delivery, secret, _from(file) if file else asked_for())
    if not options.say({"secret": name}):
        typer.echo(f"Listrak has taken them; they are in {name}.")


def put_credentials(stack: Stack, delivery: Delivery, secret: str | None, pair: Credentials) -> str:
    """Into ``secret``, None for the stack's own; returns its name.

    Raises:
        CommandError: Listrak does not take them; nothing was changed.
    """
    if trouble := sign_in(stack.function_settings(FUNCTIONS[delivery]), delivery.value, pair):
        raise CommandError(f"Listrak does not take these credentials, so nothing was changed: {trouble}")
    name = secret or stack.outputs[OUTPUTS[delivery]]
    text = json.dumps({"client_id": pair.client_id, "client_secret": pair.client_secret})
    secrets = stack.client("secretsmanager")
    answered(lambda: secrets.put_secret_value(SecretId=name, SecretString=text), name)
    return name


def asked_for() -> Credentials:
    def ask() -> Credentials:
        return Credentials(typer.prompt("Client id"), typer.prompt("Client secret", hide_input=True))

    return asked(ask, "listrak-relay rotate email --file FILE")


def _from(file: Path) -> Credentials:
    try:
        found = json.loads(readable(file).read_text(encoding="utf-8"))
        return Credentials(str(found["client_id"]), str(found["client_secret"]))
    except (ValueError, KeyError, TypeError):
        # Its text is a secret, and so in no message.
        form = '{"client_id": "…", "client_secret": "…"}'
        raise CommandError(f"{file} is not of the form {form}", ExitCode.WRONG_USE) from None
