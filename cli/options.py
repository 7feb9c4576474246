"""What every command may be told, wherever in the line it stands."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field
from typing import Any

import typer
from rich.console import Console

from cli.aws.session import Place, use
from cli.aws.stack import Stack
from cli.typed import AsTyped

VALUES = ("--stack", "--profile", "--region", "--endpoint-url")
SWITCHES = ("--local", "--json")


@dataclass(slots=True)
class Answers:
    """``given``: for programs, so far. ``typed``: for commands in what is said to people."""

    given: int = 0
    typed: AsTyped = field(default_factory=AsTyped)


@dataclass(frozen=True, slots=True)
class Told:
    """``json``: for programs. Commands print through `console` and `say`, never both forms."""

    place: Place
    json: bool
    console: Console
    answers: Answers = field(default_factory=Answers)

    def typed(self, sentence: str) -> str:
        """``sentence`` with its commands as whoever typed this one has to type them."""
        return self.answers.typed(sentence)

    def stack(self) -> Stack:
        use(self.place)
        return Stack(self.place.stack)

    def say(self, found: Any) -> bool:
        """Print ``found`` as JSON if that was asked for; returns whether it was."""
        if self.json:
            self.answers.given += 1
            typer.echo(as_json(found))
        return self.json


def as_json(found: Any) -> str:
    """With letters as they are wherever every letter can be written."""
    every_letter = (sys.stdout.encoding or "").lower().replace("-", "").startswith("utf")
    return json.dumps(found, indent=2, ensure_ascii=not every_letter, default=str)


def hoisted(arguments: list[str]) -> list[str]:
    """The options of every command first, so that they may stand behind its name as well."""
    front, rest = [], []
    left = iter(arguments)
    for argument in left:
        name = argument.split("=", 1)[0]
        if argument == "--":
            rest += [argument, *left]
        elif name in VALUES:
            front.append(argument)
            if "=" not in argument:
                front += [value for value in [next(left, None)] if value is not None]
        elif argument in SWITCHES:
            front.append(argument)
        else:
            rest.append(argument)
    return [*front, *rest]


def told(context: typer.Context) -> Told:
    found = context.find_object(Told)
    assert found is not None  # noqa: S101 - the application's callback puts it there
    return found
