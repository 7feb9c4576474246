"""Questions to the person at the terminal."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import typer

from cli.errors import CommandError, ExitCode

T = TypeVar("T")


def asked(question: Callable[[], T], instead: str) -> T:
    """``instead``: what to say on the command line where nobody can answer.

    Raises:
        CommandError: there was no answer.
    """
    try:
        return question()
    except typer.Abort:
        typer.echo(err=True)  # the question has no end of its line
        text = f"there was no answer, so nothing was changed; where nobody can be asked: {instead}"
        raise CommandError(text, ExitCode.WRONG_USE) from None


def confirmed(question: str, instead: str) -> None:
    """Raises CommandError: the answer was no, or there was none."""
    if not asked(lambda: typer.confirm(question), instead):
        raise CommandError("nothing was changed")
