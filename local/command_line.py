"""The commands of `python -m local`, and how they end."""

from __future__ import annotations

import argparse
import errno
import signal
import sys
from types import FrameType

from local.commands import demo, run, sftp_check, up
from local.errors import LocalStackError
from local.paths import STATE, shown

COMMANDS = {
    "up": (up, "keep the stack up, for files dropped by any S3 client"),
    "demo": (demo, "deliver the sample files and show what became of each row"),
    "sftp-check": (sftp_check, "look at the SFTP server of a destination, writing nothing"),
    "run": (run, "deliver a file of your own and show what became of each row"),
}
INTERRUPTED = 130  # as shells say it


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m local", description="Listrak Relay on one machine.")
    subparsers = parser.add_subparsers(dest="command", required=True)
    for name, (command, help_text) in COMMANDS.items():
        subparser = subparsers.add_parser(name, help=help_text, description=command.__doc__)
        command.add_arguments(subparser)
        subparser.set_defaults(run=command.run)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        arguments = parser.parse_args()
        return int(arguments.run(arguments))
    except LocalStackError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"error: {_of_this_machine(error)}", file=sys.stderr)
        return 1
    except KeyboardInterrupt as interrupt:
        print(f"\n{str(interrupt) or 'The stack has ended.'}", file=sys.stderr)
        return INTERRUPTED


def _of_this_machine(error: OSError) -> str:
    """Raises OSError: it is about nothing that whoever typed the command knows."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"there is no space left where the stack writes, in {shown(STATE)}/; make some and start it again"
    if error.filename is None:
        raise error
    return f"cannot use {error.filename}: {error.strerror}"


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
