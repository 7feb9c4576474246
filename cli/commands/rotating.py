"""New credentials for Listrak."""

from __future__ import annotations

import json
import logging
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
from listrak_relay.errors import RelayError
from listrak_relay.ports.secrets import Credentials
from listrak_relay.wiring.operating import sign_in

OUTPUTS = {"email": "ListrakEmailSecretName", "sms": "ListrakSmsSecretName", "feeds": "ListrakSftpSecretName"}
FUNCTIONS = {"email": "DeliverEmailFunction", "sms": "DeliverSmsFunction"}


def add_to(app: typer.Typer) -> None:
    app.command()(rotate)


def rotate(
    context: typer.Context,
    delivery: Annotated[Delivery, typer.Argument(help="Whose credentials.")],
    secret: Annotated[str | None, typer.Option(help="Another secret than the stack's own.")] = None,
    file: Annotated[
        Path | None,
        typer.Option(help='With {"client_id": …, "client_secret": …}, asked for without; of feeds see docs/sftp.md.'),
    ] = None,
) -> None:
    """Put new credentials in place, after Listrak, or its SFTP server, has taken them. Functions use them after five
    minutes at the latest, or at once when Listrak refuses the old ones.

    Example: `listrak-relay rotate email`, `listrak-relay rotate feeds --file sftp.json`
    """
    if delivery is Delivery.FEEDS and file is None:
        raise CommandError(
            "an SFTP account has more than can be asked for; write it into a file, of the form in docs/sftp.md, and "
            "name that: listrak-relay rotate feeds --file sftp.json",
            ExitCode.WRONG_USE,
        )
    options = told(context)
    stack = options.stack()
    if delivery is Delivery.FEEDS and file is not None:
        name = _put_account(stack, secret, file)
    else:
        name = put_credentials(stack, delivery, secret, _from(file) if file else asked_for(delivery))
    if not options.say({"secret": name}):
        typer.echo(f"Listrak has taken them; they are in {name}.")


def put_credentials(stack: Stack, delivery: Delivery, secret: str | None, pair: Credentials) -> str:
    """Into ``secret``, None for the stack's own; returns its name.

    Raises:
        CommandError: Listrak does not take them; nothing was changed.
    """
    if trouble := sign_in(stack.function_settings(FUNCTIONS[delivery]), delivery.value, pair):
        raise CommandError(f"Listrak does not take these credentials, so nothing was changed: {trouble}")
    text = json.dumps({"client_id": pair.client_id, "client_secret": pair.client_secret})
    return _put(stack, secret or stack.outputs[OUTPUTS[delivery]], text)


def _put_account(stack: Stack, secret: str | None, file: Path) -> str:
    from listrak_relay.wiring.sftp_check import try_account  # noqa: PLC0415 - paramiko is dear to load

    text = readable(file).read_text(encoding="utf-8", errors="replace")
    logging.getLogger("paramiko").setLevel(logging.CRITICAL + 1)  # it logs each try with its traceback
    try:
        found = try_account(file.name, text)
    except RelayError as error:
        raise CommandError(f"nothing was changed: {error}") from error
    if not found.trusted:
        offered = ", ".join(key.fingerprint for key in found.offered)
        raise CommandError(
            f"nothing was changed: {found.address} offers the key {offered}, which host_key of {file.name} does not "
            "pin; if the server's owner confirms it, put it there"
        )
    return _put(stack, secret or stack.outputs[OUTPUTS["feeds"]], text)


def _put(stack: Stack, name: str, text: str) -> str:
    secrets = stack.client("secretsmanager")
    answered(lambda: secrets.put_secret_value(SecretId=name, SecretString=text), name)
    return name


def asked_for(delivery: Delivery) -> Credentials:
    def ask() -> Credentials:
        return Credentials(typer.prompt("Client id"), typer.prompt("Client secret", hide_input=True))

    return asked(ask, f"listrak-relay rotate {delivery} --file FILE")


def _from(file: Path) -> Credentials:
    # Its text is a secret, and so in no message.
    try:
        found = json.loads(readable(file).read_text(encoding="utf-8"))
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise CommandError(f"{file} is no JSON object; {_MUST_BE}", ExitCode.WRONG_USE)
    pair = {name: found.get(name) for name in ("client_id", "client_secret")}
    if lacking := [name for name, value in pair.items() if not (isinstance(value, str) and value.strip())]:
        raise CommandError(f"{file} has no text in {' and '.join(lacking)}; {_MUST_BE}", ExitCode.WRONG_USE)
    return Credentials(str(pair["client_id"]), str(pair["client_secret"]))


_MUST_BE = 'it must be of the form {"client_id": "…", "client_secret": "…"}'
