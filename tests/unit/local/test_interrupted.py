"""Ctrl-C while `python -m local` is still loading its commands."""

from __future__ import annotations

import sys
from types import ModuleType

import pytest

from local.__main__ import main


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
