"""Writes the pages of `docs/reference` that are made from code: `make site` does it, and a test holds them to it."""

from __future__ import annotations

from pathlib import Path

import typer
from typer.cli import get_docs_for_click

from cli.main import app

COMMANDS = Path(__file__).parent.parent / "docs/reference/commands.md"
_MADE = "<!-- Made from the code by `make site`; change the help of the command instead. -->\n\n"


def commands_page() -> str:
    """The help of every command, as Markdown."""
    group = typer.main.get_command(app)
    made = get_docs_for_click(obj=group, ctx=typer.Context(group), name="listrak-relay", title="The command line")
    return _MADE + "\n".join(line.rstrip() for line in made.strip().splitlines()) + "\n"


if __name__ == "__main__":
    COMMANDS.write_text(commands_page(), encoding="utf-8")
