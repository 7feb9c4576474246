"""The documentation speaks of commands that exist."""

from __future__ import annotations

import re

import typer

from cli.main import app
from tests.support.paths import ROOT

PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")]


def test_every_command_that_is_named_exists() -> None:
    known = set(typer.main.get_command(app).commands)  # type: ignore[attr-defined] # a group, since it has several

    named = re.compile(r"(?:`|/|^|\$ )listrak-relay ([a-z]+)", re.MULTILINE)
    spoken = {word for page in PAGES for word in named.findall(page.read_text(encoding="utf-8"))}

    assert {"plan", "runs", "config"} <= spoken
    assert spoken <= known
