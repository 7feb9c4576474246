"""The configuration: looked at, checked, put in place."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from cli.adding import EMPTY, with_destination
from cli.aws.stack import Stack
from cli.errors import CommandError, ExitCode
from cli.findings import listrak_findings
from cli.options import Told, told
from cli.reading import readable
from listrak_relay.domain.configuration.destination_rules import Destinations
from listrak_relay.domain.destinations.destinations import BUILT_IN, Destination
from listrak_relay.errors import ConfigurationError
from listrak_relay.wiring.operating import configuration

config = typer.Typer(no_args_is_help=True, help="`config/destinations.yaml`: check it, show it, put it in place.")
FILE = typer.Argument(help="A destinations.yaml on this machine; that of the stack without.")


def add_to(app: typer.Typer) -> None:
    app.add_typer(config, name="config", short_help="Check the configuration, show it, put it in place.")


@config.command()
def check(context: typer.Context, file: Annotated[Path | None, FILE] = None) -> None:
    """Every fault with its line, and the destinations that are sound. Ends with 1 if there is a fault.

    Example: `listrak-relay config check destinations.yaml`
    """
    options = told(context)
    found = _read(options, file)
    prefix_faults = _secrets_elsewhere(options, found)
    problems = [*(str(found.error).splitlines() if found.error else []), *prefix_faults]
    if not options.say({"faults": problems, "destinations": sorted(found.sound), "faulty": sorted(found.faulty)}):
        for line in problems:
            typer.echo(line)
        typer.echo(f"Sound: {', '.join(sorted(found.sound))}" if found.sound else "Nothing of it can be used.")
        if found.faulty:
            typer.echo(f"Not used: {', '.join(sorted(found.faulty))}; files dropped for them are rejected")
    if problems:
        raise typer.Exit(ExitCode.NOT_WELL)


@config.command()
def show(context: typer.Context) -> None:
    """The file that is in force, as it is.

    Example: `listrak-relay config show > destinations.yaml`
    """
    options = told(context)
    body = options.stack().configuration()
    if options.say({"text": body.decode() if body else None}):
        return
    typer.echo(
        body.decode() if body else "# There is no config/destinations.yaml: the built-in destinations alone.", nl=False
    )


@config.command()
def push(context: typer.Context, file: Annotated[Path, typer.Argument(help="The file to put in place.")]) -> None:
    """Check a file and, if it has no fault, put it in place. It is for files dropped from then on. What Listrak or AWS
    do not have of what it names, such as a list or a secret, is said.

    Example: `listrak-relay config push destinations.yaml`
    """
    options = told(context)
    found = _read(options, file)
    if found.error:
        raise CommandError(f"{found.error}\nNothing was put in place.")
    if problems := _secrets_elsewhere(options, found):
        raise CommandError("\n".join([*problems, "Nothing was put in place."]))
    stack = options.stack()
    before = _in_force(stack)
    stack.put_configuration(readable(file).read_bytes())
    missing = _missing(stack, {name: one for name, one in found.sound.items() if before.get(name) != one})
    gone = sorted(before.keys() - found.sound.keys())
    said = {"bucket": stack.work_bucket, "destinations": sorted(found.sound), "gone": gone, "missing": missing}
    if not options.say(said):
        typer.echo(f"In place, for files dropped from now on. Destinations: {', '.join(sorted(found.sound))}")
        if gone:
            typer.echo(f"! No longer there, so that files dropped for them are rejected: {', '.join(gone)}", err=True)
        _warn(missing)


@config.command()
def add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Of the destination: the first segment of a drop key.")],
    channel: Annotated[str, typer.Option(help="email, sms or sftp.")] = "email",
    list_name: Annotated[str | None, typer.Option("--list", help="Name of the Listrak list.")] = None,
    mode: Annotated[str | None, typer.Option(help="add or mirror.")] = None,
    setting: Annotated[
        list[str] | None, typer.Option("--set", help="Any other key, such as --set missing_opt_status=reject.")
    ] = None,
) -> None:
    """Add a destination to the configuration that is in force, if the result has no fault. What Listrak or AWS do not
    have of what it names, such as its list or its secret, is said.

    Example: `listrak-relay config add vip --list VIP --mode mirror`
    """
    options = told(context)
    stack = options.stack()
    settings = {"channel": channel, "list": list_name, "mode": mode}
    for one in setting or []:
        key, equals, value = one.partition("=")
        if not equals:
            raise CommandError(f"--set {one} must be of the form key=value", ExitCode.WRONG_USE)
        settings[key] = value
    if name in _in_force(stack) and name not in BUILT_IN:
        raise CommandError(
            f"there is a destination {name} already; to change it: listrak-relay config show > destinations.yaml, edit "
            "it, listrak-relay config push destinations.yaml"
        )
    made = put_destination(options, stack, name, {key: value for key, value in settings.items() if value})
    missing = _missing(stack, {name: made})
    if not options.say({"destination": name, "bucket": stack.work_bucket, "missing": missing}):
        typer.echo(f"In place, for files dropped from now on: s3://{stack.drop_bucket}/{name}/…")
        _warn(missing)


def put_destination(options: Told, stack: Stack, name: str, settings: Mapping[str, str]) -> Destination:
    """One more in the configuration that is in force; returns it.

    Raises:
        CommandError: the result would have a fault; nothing was changed.
    """
    in_force = stack.configuration()
    _check_in_force(in_force)
    body = with_destination((in_force or EMPTY.encode()).decode(), name, settings).encode()
    found = configuration(body, "the configuration with it")
    if problems := [*([str(found.error)] if found.error else []), *_secrets_elsewhere(options, found)]:
        raise CommandError("\n".join([*problems, "Nothing was put in place."]))
    stack.put_configuration(body)
    return found.sound[name]


def _check_in_force(body: bytes | None) -> None:
    """Raises CommandError: it has a fault of its own, which would be taken for one of what is added."""
    try:
        fault = configuration(body, "config/destinations.yaml").error
    except ConfigurationError as error:
        fault = error
    if fault:
        raise CommandError(
            f"{fault}\nThat is the file in force, and it is to be mended first: listrak-relay config show > "
            "destinations.yaml, edit it, listrak-relay config push destinations.yaml. Nothing was put in place."
        )


def _in_force(stack: Stack) -> Mapping[str, Destination]:
    """Those that can be used."""
    try:
        return configuration(stack.configuration(), "").sound
    except ConfigurationError:
        return {}


def _missing(stack: Stack, destinations: dict[str, Destination]) -> list[str]:
    """What Listrak or AWS have not, or do not tell, of what these name; each with what to do."""
    found = listrak_findings(stack, Destinations(destinations)) if destinations else ()
    return [f"{one.about}: {one.found}\n    → {one.todo}" for one in found if one.todo]


def _warn(missing: list[str]) -> None:
    for line in missing:
        typer.echo(f"! {line}", err=True)


def _read(options: Told, file: Path | None) -> Destinations:
    body = readable(file).read_bytes() if file else options.stack().configuration()
    try:
        return configuration(body, str(file or "config/destinations.yaml"))
    except ConfigurationError as error:
        return Destinations({}, {}, error)


def _secrets_elsewhere(options: Told, found: Destinations) -> list[str]:
    """The functions may read secrets of their own stack alone."""
    prefix = f"{options.place.stack}/"
    return [
        f"- destinations.{name}.secret: {one.secret!r} does not begin with {prefix!r}, and the functions of the stack "
        "may read no other secrets; create it anew under such a name"
        for name, one in sorted(found.sound.items())
        if one.secret and not one.secret.startswith((prefix, "arn:"))
    ]
