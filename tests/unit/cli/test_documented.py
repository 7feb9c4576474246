"""The documentation speaks of commands that exist, and their help shows how they are typed."""

from __future__ import annotations

import re

import pytest
import typer
from typer.testing import CliRunner

from cli.main import app
from cli.showing_plan import WORDS
from listrak_relay.domain.run.manifest import Action
from tests.support.paths import ROOT
from tests.support.stack.documented import documented_commands, story
from tools.reference import COMMANDS as COMMANDS_PAGE
from tools.reference import commands_page

COMMANDS = sorted(typer.main.get_command(app).commands)  # type: ignore[attr-defined] # a group, since it has several
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")]


def test_every_command_that_is_named_exists() -> None:
    named = re.compile(r"(?:`|/|^|\$ )listrak-relay ([a-z]+)", re.MULTILINE)
    spoken = {word for page in PAGES for word in named.findall(page.read_text(encoding="utf-8"))}

    assert {"plan", "runs", "config"} <= spoken
    assert spoken <= set(COMMANDS)


def test_every_command_that_is_named_is_typed_by_a_test() -> None:
    typed = {step.typed for step in story(("id", "secret"), ("id", "secret"))}

    assert documented_commands() == typed, "add it to tests/support/stack/documented.py, with how it ends"


def test_a_switch_does_not_look_as_if_it_took_a_value() -> None:
    shown = CliRunner().invoke(app, ["plan", "--help"], env={"COLUMNS": "80", "NO_COLOR": "1", "TERM": "dumb"}).output

    assert "--deployed" in shown
    assert "<path>" in shown
    assert "<bool>" not in shown


@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "config"])
def test_every_command_shows_an_example_in_its_help(name: str) -> None:
    shown = CliRunner().invoke(app, [name, "--help"], env={"COLUMNS": "80", "NO_COLOR": "1", "TERM": "dumb"}).output

    assert f"Example: listrak-relay {name}" in " ".join(re.sub(r"\x1b\[[0-9;]*m", "", shown).split())


def test_a_dry_run_has_words_for_whatever_may_be_done_with_a_row() -> None:
    assert set(WORDS) == {action.value for action in Action}


def test_the_page_of_the_commands_is_the_help_that_they_give() -> None:
    assert COMMANDS_PAGE.read_text(encoding="utf-8") == commands_page(), "run `make site`"
