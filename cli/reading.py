"""Files of the person at the terminal, and keys to drop them under."""

from __future__ import annotations

import difflib
from pathlib import Path

from cli.errors import CommandError, ExitCode
from cli.options import Told
from listrak_relay.domain.configuration.destination_rules import DESTINATION_UNKNOWN, Destinations
from listrak_relay.domain.destinations.choices import Channel
from listrak_relay.domain.destinations.destinations import Destination
from listrak_relay.domain.run.drop_keys import parse_drop_key
from listrak_relay.errors import ConfigurationError, FileRejectedError
from listrak_relay.wiring.operating import configuration

_ALIKE = 0.75
"""The ending alone makes of any two names of files some likeness."""


def readable(path: Path) -> Path:
    """Raises CommandError: it cannot be read, or is no file that can be read twice."""
    path = path.expanduser()
    try:
        if path.is_dir():
            raise CommandError(f"{path} is a folder; name one file in it", ExitCode.WRONG_USE)
        if str(path) == "-" or (path.exists() and not path.is_file()):
            what = f"{path} is no file; what comes by a pipe has to be written into one first, and that be named"
            raise CommandError(what, ExitCode.WRONG_USE)
        with path.open("rb"):
            return path
    except FileNotFoundError as error:
        raise CommandError(_not_there(path), ExitCode.WRONG_USE) from error
    except OSError as error:
        raise CommandError(f"cannot read the file {path}: {error.strerror}", ExitCode.WRONG_USE) from error


def _not_there(path: Path) -> str:
    if path.is_symlink():
        return f"{path} is a link to {path.readlink()}, which is not there; name the file itself"
    folder = path.parent
    if not folder.is_dir():
        return f"there is no folder {folder}, so no file {path.name} in it; correct the path"
    near = difflib.get_close_matches(path.name, (one.name for one in folder.iterdir() if one.is_file()), 1, _ALIKE)
    where = "here" if str(folder) == "." else f"in {folder}"
    todo = f"did you mean {folder / near[0]}?" if near else "correct its name, or put a name with spaces in quotes"
    return f"there is no file {path.name} {where}; {todo}"


def destinations(options: Told, config: Path | None, *, deployed: bool) -> Destinations:
    """From a file on this machine, or from the stack, or else the built-in ones."""
    if config:
        return configuration(readable(config).read_bytes(), str(config))
    if deployed:
        return configuration(options.stack().configuration(), "config/destinations.yaml")
    return configuration(None, "")


def named(found: Destinations, name: str, hint: str = "") -> Destination:
    """``hint``: what else to say where there is none of this name.

    Raises:
        CommandError: there is none of this name.
        ConfigurationError: it is faulty.
    """
    try:
        return found.find(name)
    except ConfigurationError as error:
        if error.code == DESTINATION_UNKNOWN:
            raise CommandError(f"{error}{hint}", ExitCode.WRONG_USE) from error
        raise


def drop_key(file: Path, destination: Destination, audience: str | None) -> tuple[str, str]:
    """Key and audience. The audience is called like the file, if nobody says otherwise; a feed needs none.

    Raises:
        CommandError: no profile field can have this name.
    """
    feed = destination.channel is Channel.SFTP
    name = audience if audience is not None else "" if feed else file.name.split(".")[0]
    if "/" in name:
        raise CommandError(f"the audience {name!r} must be a name without a slash, such as vip", ExitCode.WRONG_USE)
    key = "/".join(filter(None, (destination.name, name, file.name)))
    try:
        return key, parse_drop_key(key, audience_optional=feed).audience
    except FileRejectedError as error:
        raise CommandError(f"{error}; name another by --audience", ExitCode.WRONG_USE) from error
