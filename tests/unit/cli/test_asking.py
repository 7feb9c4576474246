"""Questions to whoever may not be there."""

from __future__ import annotations

import pytest
import typer

from cli.asking import asked
from cli.errors import CommandError, ExitCode


def test_an_answer_is_handed_on() -> None:
    assert asked(lambda: "yes", "--yes") == "yes"


def test_where_nobody_answers_it_is_said_how_to_do_without() -> None:
    def nobody() -> bool:
        raise typer.Abort

    with pytest.raises(CommandError, match=r"nothing was changed; where nobody can be asked: --yes") as error:
        asked(nobody, "--yes")

    assert error.value.code == ExitCode.WRONG_USE
