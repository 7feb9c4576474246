"""`listrak-relay capacity` as it is typed."""

from __future__ import annotations

import json
import re

import pytest
from typer.testing import CliRunner, Result

from cli.errors import CommandError
from cli.main import app
from tests.support.paths import ROOT

PAGE = (ROOT / "docs/planning.md").read_text(encoding="utf-8")
TYPED = "capacity --contacts 100M --audiences 1000 --destinations 50 --hours 8"
WIDTH = "118"


def typed(line: str) -> Result:
    return CliRunner().invoke(app, line.split(), env={"COLUMNS": WIDTH, "NO_COLOR": "1", "TERM": "dumb"})


def test_the_page_shows_what_the_command_says() -> None:
    (command,) = re.findall(r"\$ tools/listrak-relay (capacity .*--hours 8)$", PAGE, re.MULTILINE)
    (shown,) = re.findall(r"```text\n(.*?)```", PAGE, re.DOTALL)
    said = typed(command)

    assert command == TYPED
    assert said.exit_code == 0
    assert shown == "".join(f"{line.rstrip()}\n" for line in said.output.splitlines()), "type it anew into the page"


def test_programs_get_each_limit_with_what_is_to_be_turned() -> None:
    found = json.loads(typed(f"--json {TYPED}").output)

    assert found["total"] == pytest.approx(sum(found["dollars"].values()))
    assert found["fits"]
    assert all(limit["turn"] and limit["source"] for limit in found["limits"])


def test_a_night_that_does_not_fit_ends_as_what_is_not_well() -> None:
    said = typed(f"{TYPED} --listrak-imports one-queue")

    assert said.exit_code == 1
    assert "Does not fit. The first limit: Listrak's imports." in said.output


def test_phone_numbers_are_part_of_the_night() -> None:
    without, found = (json.loads(typed(f"--json {TYPED}{more}").output) for more in ("", " --numbers 5M --changed 20"))

    assert found["total"] > without["total"]
    assert "calls to Listrak SMS" in {limit["name"] for limit in found["limits"]}


@pytest.mark.parametrize(
    "line",
    [
        "capacity --contacts 0",
        "capacity --contacts inf",
        "capacity --contacts nan",
        "capacity --numbers -5",
        "capacity --listrak-rate 0",
        "capacity --audiences 2 --destinations 3",
    ],
)
def test_a_night_that_cannot_be_is_refused(line: str) -> None:
    assert isinstance(typed(line).exception, CommandError)
