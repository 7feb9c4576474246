"""How `python -m local` ends when it cannot go on."""

from __future__ import annotations

import argparse
import errno
import sys
from collections.abc import Callable
from types import ModuleType

import pytest

from local import command_line
from local.__main__ import main
from local.paths import STATE, shown


class InterruptedModule(ModuleType):
    """While somebody takes the first name from it."""

    def __getattr__(self, name: str) -> object:
        raise KeyboardInterrupt


def test_whoever_interrupts_while_the_commands_are_loaded_reads_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setitem(sys.modules, "local.command_line", InterruptedModule("local.command_line"))

    assert main() == 130

    assert capsys.readouterr().err.strip() == "Interrupted before anything was started."


class Failing:
    """A command that ends with an error of the system."""

    __doc__ = "fails"

    def __init__(self, error: OSError) -> None:
        self._error = error

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.set_defaults()

    def run(self, _arguments: argparse.Namespace) -> int:
        raise self._error


Run = Callable[[OSError], int]


@pytest.fixture
def ends(monkeypatch: pytest.MonkeyPatch) -> Run:
    def run(error: OSError) -> int:
        monkeypatch.setattr(sys, "argv", ["local", "up"])
        monkeypatch.setitem(command_line.COMMANDS, "up", (Failing(error), "fails"))
        return command_line.main()

    return run


def test_a_full_disk_is_told_with_where_it_is(ends: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert ends(OSError(errno.ENOSPC, "No space left on device")) == 1

    assert capsys.readouterr().err == (
        f"error: there is no space left where the stack writes, in {shown(STATE)}/; make some and start it again\n"
    )


def test_a_folder_that_cannot_be_written_is_named(ends: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert ends(PermissionError(errno.EACCES, "Permission denied", "/clone/.local")) == 1

    assert capsys.readouterr().err == "error: cannot use /clone/.local: Permission denied\n"


def test_an_error_about_nothing_that_is_known_keeps_its_traceback(ends: Run) -> None:
    with pytest.raises(OSError, match="Bad file descriptor"):
        ends(OSError(errno.EBADF, "Bad file descriptor"))
