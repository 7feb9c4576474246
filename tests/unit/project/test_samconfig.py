"""`samconfig.toml`: what it says of each stack is what the template asks for, and can be deployed."""

from __future__ import annotations

import shlex
import tomllib
from collections.abc import Mapping
from typing import Any

import pytest

from tests.support.paths import ROOT
from tests.support.stack.template_values import SOURCE, deployed

STACKS: Mapping[str, Any] = {
    name: stack
    for name, stack in tomllib.loads((ROOT / "samconfig.toml").read_text(encoding="utf-8")).items()
    if isinstance(stack, dict)
}


def answers(stack: str) -> dict[str, str]:
    """As SAM reads them: words of a shell."""
    words = shlex.split(" ".join(STACKS[stack]["deploy"]["parameters"].get("parameter_overrides", [])))
    return {name: value for name, _, value in (word.partition("=") for word in words)}


def test_there_are_stacks_to_try_things_out_and_to_keep() -> None:
    names = [stack["global"]["parameters"]["stack_name"] for stack in STACKS.values()]

    assert {"default", "dev", "prod"} == set(STACKS)
    assert names[1] != names[2]


@pytest.mark.parametrize("stack", STACKS)
def test_the_answers_of_a_stack_are_such_as_the_template_takes(stack: str) -> None:
    assert set(answers(stack)) <= set(SOURCE["Parameters"])
    assert deployed(**answers(stack)).of_type("AWS::Lambda::Function")


@pytest.mark.parametrize("stack", STACKS)
def test_a_try_that_fails_leaves_nothing_in_the_way_of_the_next(stack: str) -> None:
    parameters = STACKS[stack]["deploy"]["parameters"]

    assert parameters["on_failure"] == "DELETE"
    assert parameters["region"]
