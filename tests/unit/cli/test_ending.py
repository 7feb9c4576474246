"""How a command that cannot be followed, or fails, says so."""

from __future__ import annotations

import io
import json
import tomllib

import pytest
import typer

from cli.errors import ExitCode
from cli.main import run
from tests.support.paths import ROOT

WRONG = {
    ("redive",): "no such command 'redive'; did you mean 'redrive'? How it is used: listrak-relay --help",
    ("runs", "--days", "2026-11-01"): "--days takes a whole number from 1 to 90, such as --days 7; ",
    ("runs", "--days", "91"): "--days takes a whole number from 1 to 90, such as --days 7; ",
    ("test", "a.csv", "--rows", "0"): "--rows takes a whole number from 1 to 1,000, such as --rows 5; ",
    ("run",): "RUN_ID is missing: listrak-relay run RUN_ID; ",
    ("plan", "a.csv", "b.csv"): "b.csv is more than this command takes; name one thing at a time, ",
    ("rotate", "mail"): "invalid value for 'delivery': 'mail' is not one of 'email', 'sms', 'feeds'; ",
    (
        "pause",
        "vip",
    ): "there is no way out 'vip', but email, sms and feeds; a destination is named by --destination ",
    ("forget", "ana@example.com", "-y"): "no such option: -y; how it is used: listrak-relay forget --help",
}


@pytest.mark.parametrize("typed", WRONG)
def test_what_was_typed_wrong_is_said_first_and_in_one_line(
    typed: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*typed]) == ExitCode.WRONG_USE

    printed = capsys.readouterr()
    assert printed.err.startswith(f"error: {WRONG[typed]}")
    assert printed.err.count("\n") == 1
    assert not printed.out


@pytest.mark.parametrize("typed", [("run",), ("who", "ana"), ("config", "check", "nothing.yaml"), ("plan", "none.csv")])
def test_programs_are_told_of_an_error_too(typed: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*typed, "--json"]) == ExitCode.WRONG_USE

    printed = capsys.readouterr()
    answer = json.loads(printed.out)
    assert answer["exit_code"] == ExitCode.WRONG_USE
    assert printed.err == f"error: {answer['error']}\n"


def test_the_version_is_that_of_the_project(capsys: pytest.CaptureFixture[str]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

    assert run(["--version"]) == ExitCode.DONE

    assert capsys.readouterr().out == f"listrak-relay {project['version']}\n"


def test_without_a_command_the_help_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([]) == ExitCode.WRONG_USE

    printed = capsys.readouterr()
    assert "Usage: listrak-relay" in printed.out
    assert not printed.err


def test_where_nobody_answers_that_is_said(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def asks(_arguments: list[str], **_options: object) -> None:
        typer.prompt("List")

    monkeypatch.setattr("cli.main.app", asks)
    monkeypatch.setattr("sys.stdin", io.StringIO(""))

    assert run(["init"]) == ExitCode.WRONG_USE
    assert "type it in a terminal" in capsys.readouterr().err
