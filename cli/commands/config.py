"""The configuration: looked at, checked, put in place."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from cli.adding import EMPTY, usual_settings, with_destination
from cli.aws.stack import Stack
from cli.errors import CommandError, ExitCode
from cli.findings import Finding, listrak_findings
from cli.options import Told, told
from cli.reading import readable
from listrak_relay.domain.configuration.destination_rules import Destinations
from listrak_relay.domain.destinations.destinations import BUILT_IN, Destination
from listrak_relay.errors import ConfigurationError
from listrak_relay.wiring.operating import configuration

config = typer.Typer(no_args_is_help=True, help="`config/destinations.yaml`: check it, show it, put it in place.")
FILE = typer.Argument(help="A destinations.yaml on this machine; that of the stack without.")
ANYWAY = typer.Option("--anyway", help="Although Listrak does not have a list that it names.")
_NONE = f"# None is in place yet: the built-in destinations are all there are.\n{EMPTY}"
"""A file that may be edited and put in place."""


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
    typer.echo(body.decode() if body else _NONE, nl=False)


@config.command()
def push(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="The file to put in place.")],
    anyway: Annotated[bool, ANYWAY] = False,
) -> None:
    """Check a file and, if it has no fault and Listrak has the lists that it names, put it in place. It is for files
    dropped from then on. What Listrak or AWS do not tell, such as of a secret that is not there yet, is said.

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
    missing = _missing(stack, found.sound, anyway=anyway)
    stack.put_configuration(readable(file).read_bytes())
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
    channel: Annotated[
        str | None, typer.Option(help="email, sms or sftp; without it that of the built-in destination, or email.")
    ] = None,
    list_name: Annotated[str | None, typer.Option("--list", help="Name of the Listrak list.")] = None,
    mode: Annotated[str | None, typer.Option(help="add or mirror.")] = None,
    setting: Annotated[
        list[str] | None, typer.Option("--set", help="Any other key, such as --set missing_opt_status=reject.")
    ] = None,
    anyway: Annotated[bool, ANYWAY] = False,
) -> None:
    """Add a destination to the configuration that is in force, if the result has no fault and Listrak has its list.
    What Listrak or AWS do not tell, such as of a secret that is not there yet, is said.

    Example: `listrak-relay config add vip --list VIP --mode mirror`
    """
    options = told(context)
    stack = options.stack()
    settings = {**usual_settings(name, channel), "list": list_name, "mode": mode}
    for one in setting or []:
        key, equals, value = one.partition("=")
        if not equals:
            raise CommandError(f"--set {one} must be of the form key=value", ExitCode.WRONG_USE)
        settings[key] = value
    before = _in_force(stack)
    if name in before and before[name] != BUILT_IN.get(name):
        raise CommandError(
            f"there is a destination {name} already; to change it: listrak-relay config show > destinations.yaml, edit "
            "it, listrak-relay config push destinations.yaml"
        )
    given = {key: value for key, value in settings.items() if value}
    missing = put_destination(options, stack, name, given, anyway=anyway)
    if not options.say({"destination": name, "bucket": stack.work_bucket, "missing": missing}):
        typer.echo(f"In place, for files dropped from now on: s3://{stack.drop_bucket}/{name}/…")
        if name in BUILT_IN:
            typer.echo(
                f"! In place of the built-in destination {name}: whoever drops files there already gets these "
                "settings, too.",
                err=True,
            )
        _warn(missing)


def put_destination(
    options: Told, stack: Stack, name: str, settings: Mapping[str, str], *, anyway: bool = False
) -> list[str]:
    """One more in the configuration that is in force; returns what Listrak or AWS do not tell of it.

    Raises:
        CommandError: the result would have a fault; nothing was changed.
    """
    in_force = stack.configuration()
    _check_in_force(in_force)
    body = with_destination((in_force or EMPTY.encode()).decode(), name, settings).encode()
    found = configuration(body, "the configuration with it")
    if problems := [*([str(found.error)] if found.error else []), *_secrets_elsewhere(options, found)]:
        raise CommandError("\n".join([*problems, "Nothing was put in place."]))
    missing = _missing(stack, {name: found.sound[name]}, anyway=anyway)
    stack.put_configuration(body)
    return missing


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


def _missing(stack: Stack, destinations: Mapping[str, Destination], *, anyway: bool) -> list[str]:
    """What Listrak or AWS do not have, or do not tell, of what these name; each with what to do.

    Raises:
        CommandError: Listrak has not what one of them names, and not ``anyway``.
    """
    # The built-in ones are there whatever the file says, and may be unused.
    own = {name: one for name, one in destinations.items() if BUILT_IN.get(name) != one}
    found = [one for one in listrak_findings(stack, Destinations(own)) if one.todo] if own else []
    if (wrong := [one for one in found if one.wrong]) and not anyway:
        raise CommandError(
            "\n".join([*map(_line, wrong), "Nothing was put in place; with --anyway it would be, all the same."])
        )
    return [_line(one) for one in found]


def _line(finding: Finding) -> str:
    return f"{finding.about}: {finding.found}\n    → {finding.todo}"


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
