"""Commands in sentences stand there as they have to be typed."""

from __future__ import annotations

import pytest

from cli.aws.session import Place
from cli.typed import AsTyped

HERE = Place("listrak-relay", False, None, None, None)
VERBS = ("run", "runs", "config")


@pytest.mark.parametrize(
    ("place", "typed"),
    [
        (HERE, "listrak-relay run email-1"),
        (Place("listrak-relay", True, None, None, None), "listrak-relay --local run email-1"),
        (
            Place("prod", False, "night shift", "eu-west-1", None),
            "listrak-relay --stack prod --profile 'night shift' --region eu-west-1 run email-1",
        ),
    ],
)
def test_a_command_asks_the_stack_that_was_asked(place: Place, typed: str) -> None:
    assert AsTyped("listrak-relay", place, VERBS)("follow it: listrak-relay run email-1") == f"follow it: {typed}"


def test_a_command_begins_as_this_one_was_begun() -> None:
    typed = AsTyped("../relay/tools/listrak-relay", HERE, VERBS)

    assert typed("`listrak-relay runs --days 90`") == "`../relay/tools/listrak-relay runs --days 90`"


def test_a_stack_of_our_name_stays_as_it_is() -> None:
    said = "the stack listrak-relay has no run nope; see s3://listrak-relay-drop and listrak-relay/email-vip"

    assert AsTyped("x/listrak-relay", HERE, VERBS)(said) == said
