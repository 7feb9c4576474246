"""Questions to whoever may not be there."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest
import typer

from cli.asking import asked
from cli.commands import init
from cli.commands.pausing import Delivery
from cli.errors import CommandError, ExitCode

if TYPE_CHECKING:
    from cli.aws.stack import Stack


def test_an_answer_is_handed_on() -> None:
    assert asked(lambda: "yes", "--yes") == "yes"


def test_where_nobody_answers_it_is_said_how_to_do_without() -> None:
    def nobody() -> bool:
        raise typer.Abort

    with pytest.raises(CommandError, match=r"nothing was changed; where nobody can be asked: --yes") as error:
        asked(nobody, "--yes")

    assert error.value.code == ExitCode.WRONG_USE


def test_whoever_leaves_a_question_of_init_is_not_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    asked_so_often: list[str] = []

    def leave(question: str, **_: object) -> str:
        asked_so_often.append(question)
        raise typer.Abort

    monkeypatch.setattr(typer, "prompt", leave)

    with pytest.raises(CommandError, match="rotate sms --file FILE") as raised:
        init._credentials(cast("Stack", None), Delivery.SMS, "SMS")

    assert (raised.value.code, len(asked_so_often)) == (ExitCode.WRONG_USE, 1)
